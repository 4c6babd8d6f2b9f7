import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { DomainError } from '@vend/kernel';
import type { WireGroup } from '../wire/requests';
import type { NO_GROUP } from './service';

/** What comes in: a piece, or a message without one. */
export type BulkPiece = WireGroup | typeof NO_GROUP;

/** Pieces that may be under way at once: enough that the journal's flush of one overlaps with the making of the next. */
const WINDOW = 4;

/**
 * Answers a bulk order piece by piece, in the order of the pieces. Memory is bounded both ways: no more than a few
 * pieces are under way, the next is read only when one of them has left, and one leaves only as fast as the caller takes
 * it. What is not read stays with the caller, held by HTTP/2's flow control.
 *
 * @param stream pieces in, encoded answers out; 'cancelled' says that the caller has gone
 * @param answer makes and encodes the answer to one piece
 * @throws what `answer` throws; nothing is written after that
 */
export async function answerInOrder(stream: Duplex, answer: (piece: WireGroup) => Promise<Buffer>): Promise<void> {
  const gone = new AbortController();
  for (const end of ['cancelled', 'close'] as const) stream.on(end, () => gone.abort());
  const slots = new Gate(WINDOW);
  let sending: Promise<void> = Promise.resolve();
  let failure: unknown;
  const send = async (made: Promise<Buffer>): Promise<void> => {
    const bytes = await made;
    if (gone.signal.aborted || failure !== undefined) return;
    if (!stream.write(bytes)) await once(stream, 'drain', { signal: gone.signal });
  };
  const pieces = stream.iterator({ destroyOnReturn: false }) as AsyncIterable<BulkPiece>;
  for await (const piece of pieces) {
    if (piece.kind === 'none') throw new DomainError('request-malformed', { field: 'group' });
    await slots.enter();
    if (failure !== undefined || gone.signal.aborted) break;
    const made = answer(piece);
    // A refusal is looked at when its turn comes; until then it must not count as unhandled.
    made.catch(() => undefined);
    sending = sending
      .then(() => send(made))
      .catch((error: unknown) => {
        if (!gone.signal.aborted) failure ??= error;
      })
      .finally(() => slots.leave());
  }
  await sending;
  if (failure !== undefined) throw failure as Error;
}

/** Lets a number of entries in at once; the others wait in the order in which they came. */
class Gate {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  enter(): Promise<void> {
    if (this.free > 0) {
      this.free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}
