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
 * pieces are under way, the next is taken only when one of them has left, and one leaves only as fast as the caller
 * takes it. What is not taken stays with the caller, held by HTTP/2's flow control.
 *
 * @param stream pieces in, encoded answers out; 'cancelled' says that the caller has gone
 * @param answer makes and encodes the answer to one piece
 * @returns when all is answered, or the caller has gone
 * @throws what `answer` throws, once the pieces before it are answered; nothing is taken or written after that
 */
export function answerInOrder(stream: Duplex, answer: (piece: WireGroup) => Promise<Buffer>): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = new AbortController();
    let underWay = 0;
    let ended = false;
    let sending = Promise.resolve();
    const send = async (made: Promise<Buffer>): Promise<void> => {
      const bytes = await made;
      if (gone.signal.aborted) return;
      if (!stream.write(bytes)) await once(stream, 'drain', { signal: gone.signal });
      underWay -= 1;
      if (ended && underWay === 0) resolve();
      else if (underWay < WINDOW) stream.resume();
    };
    const stop = (error: unknown): void => {
      const hasGone = gone.signal.aborted;
      gone.abort();
      stream.pause();
      if (hasGone) resolve();
      else reject(error instanceof Error ? error : new Error(String(error)));
    };
    stream.on('data', (piece: BulkPiece) => {
      if (gone.signal.aborted) return;
      underWay += 1;
      if (underWay >= WINDOW) stream.pause();
      const made = piece.kind === 'none' ? Promise.reject(malformed()) : answer(piece);
      // A refusal is looked at when its turn comes; until then it must not count as unhandled.
      made.catch(() => undefined);
      sending = sending.then(() => send(made)).catch(stop);
    });
    stream.once('end', () => {
      ended = true;
      if (underWay === 0) resolve();
    });
    for (const event of ['cancelled', 'close', 'error']) {
      stream.once(event, () => {
        gone.abort();
        resolve();
      });
    }
  });
}

function malformed(): DomainError {
  return new DomainError('request-malformed', { field: 'group' });
}
