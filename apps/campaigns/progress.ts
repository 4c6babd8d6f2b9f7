/** Work that takes longer says every two seconds how far it is. */
const EVERY_MS = 2_000;

/**
 * A line about progress on standard error: rows, rate, and the time left when the total is known.
 *
 * @example const told = progressLine('sets', 20_000); told(5_000) // after two seconds: '5000 of 20000 sets, 2500 a second, 6 s left'
 */
export function progressLine(
  what: string,
  total: number | undefined,
  now: () => number = () => performance.now(),
  say: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): (done: number) => void {
  const startedMs = now();
  let saidMs = startedMs;
  return (done) => {
    const nowMs = now();
    if (nowMs - saidMs < EVERY_MS) return;
    saidMs = nowMs;
    const perSecond = (done * 1_000) / (nowMs - startedMs);
    const left =
      total === undefined ? '' : `, ${Math.ceil(Math.max(0, total - done) / Math.max(perSecond, 0.01))} s left`;
    say(`${done}${total === undefined ? '' : ` of ${total}`} ${what}, ${Math.round(perSecond)} a second${left}`);
  };
}
