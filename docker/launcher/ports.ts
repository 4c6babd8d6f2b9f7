import { createHash } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the range from which Linux takes ports for outgoing connections (32768 and up). */
const FIRST_PORT = 20_000;
const BLOCK_SIZE = 16;
const BLOCKS = 700;

/** Answers whether nothing listens on a port of this machine. */
export type PortProbe = (port: number) => Promise<boolean>;

/**
 * Chooses ports for a system: its own block of sixteen, found from the path of its files, so that two checkouts on one
 * machine, or two systems of one test run, do not meet, and a system keeps its addresses. Taken ports are passed over,
 * block after block.
 *
 * @param remembered ports of an earlier start; kept while they are free
 * @throws Error when the machine has no free port in the range
 */
export async function choosePorts<Name extends string>(
  directory: string,
  names: readonly Name[],
  remembered: Partial<Record<Name, number>> = {},
  isFree: PortProbe = portIsFree,
): Promise<Record<Name, number>> {
  const chosen = {} as Record<Name, number>;
  const taken = new Set<number>();
  const claim = async (port: number): Promise<boolean> => {
    if (taken.has(port) || !(await isFree(port))) return false;
    taken.add(port);
    return true;
  };
  const missing: Name[] = [];
  for (const name of names) {
    const port = remembered[name];
    if (port !== undefined && (await claim(port))) chosen[name] = port;
    else missing.push(name);
  }
  const candidates = candidatePorts(directory);
  for (const name of missing) {
    for (;;) {
      const next = candidates.next();
      if (next.done) throw new Error('no free port on this machine between 20000 and 31199');
      if (await claim(next.value)) {
        chosen[name] = next.value;
        break;
      }
    }
  }
  return chosen;
}

function* candidatePorts(directory: string): Generator<number> {
  const home = createHash('sha256').update(directory).digest().readUInt32BE(0) % BLOCKS;
  for (let block = 0; block < BLOCKS; block += 1) {
    const first = FIRST_PORT + ((home + block) % BLOCKS) * BLOCK_SIZE;
    for (let offset = 0; offset < BLOCK_SIZE; offset += 1) yield first + offset;
  }
}

/** True when a listener can be opened on the port, on all addresses and on the loopback. */
export async function portIsFree(port: number): Promise<boolean> {
  return (await canListen(port)) && canListen(port, '127.0.0.1');
}

function canListen(port: number, host?: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
