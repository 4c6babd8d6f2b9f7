/** The time of the SMPP client: handed in, so that a test can let hours pass in a moment. */
export interface SmppClock {
  /** Milliseconds that only rise; their zero means nothing. */
  now(): number;
  /** Runs once after so many milliseconds, unless the returned function is called before. */
  after(delayMs: number, run: () => void): () => void;
}

/** The machine's own clock; setting the time of day does not move it. */
export const systemClock: SmppClock = {
  now: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
