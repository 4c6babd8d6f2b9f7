import { once } from 'node:events';
import { status, type ClientDuplexStream, type ServiceError } from '@grpc/grpc-js';
import {
  TokenServerUnavailable,
  type KeySetIssuer,
  type KeySetOutcome,
  type KeySetRequest,
  type VendingKeyFacts,
} from '@vend/vending';
import { connect, type TokenServerAccess, type Unary } from './channel';
import { keySetToWire, keySetsFromWire, vendingKeysFromWire, type WireKeyChangeRequest } from './key-set.wire';
import { TokenServerProtocolError } from './wire';

interface BulkAnswer {
  readonly keyChange: { readonly outcomes: unknown } | null;
}
type BulkStream = ClientDuplexStream<{ keyChange: { requests: WireKeyChangeRequest[] } }, BulkAnswer>;

interface Calls {
  bulkIssue(): BulkStream;
  getStatus: Unary<object, unknown>;
}

/** Groups on their way at once: enough that the server never waits, few enough to hold in memory. */
const GROUPS_ON_THE_WAY = 8;
const STATUS_WITHIN_MS = 10_000;

/**
 * Makes key-change sets in bulk over one stream. Needs a certificate of the key-management role; any other is
 * refused by the token server.
 *
 * @example const issuer = new GrpcKeySetIssuer(access);
 *          for await (const outcomes of issuer.makeSets(groups)) await store(outcomes);
 */
export class GrpcKeySetIssuer implements KeySetIssuer {
  private readonly client: ReturnType<typeof connect<Calls>>;

  constructor(access: TokenServerAccess) {
    this.client = connect<Calls>(access);
  }

  /** @throws {TokenServerUnavailable} not reached, or refused as a whole call */
  async vendingKeys(): Promise<VendingKeyFacts[]> {
    const answer = await new Promise((resolve, reject) => {
      this.client.getStatus({}, { deadline: Date.now() + STATUS_WITHIN_MS }, (error, value) =>
        error ? reject(failureOf(error)) : resolve(value),
      );
    });
    return vendingKeysFromWire(answer);
  }

  /**
   * Asks for groups of at most 1024 and gives their outcomes in the same order. Reads the groups no faster than they
   * are answered, and the answers no faster than they are taken.
   *
   * @throws {TokenServerUnavailable} the stream broke; what was answered before stands
   * @throws {TokenServerProtocolError} an answer that does not fit its question
   */
  async *makeSets(groups: AsyncIterable<readonly KeySetRequest[]>): AsyncGenerator<KeySetOutcome[]> {
    const stream = this.client.bulkIssue();
    const asked = new Asked();
    const asking = ask(stream, groups, asked);
    // Told at the end of the loop below; until then it must not count as unhandled.
    asking.catch((error: Error) => stream.destroy(error));
    try {
      for await (const answer of stream as AsyncIterable<BulkAnswer>) {
        const group = asked.answered();
        if (!group) throw new TokenServerProtocolError('an answer that nobody asked for');
        yield keySetsFromWire(group, answer.keyChange?.outcomes);
      }
      await asking;
      if (asked.waiting > 0) throw new TokenServerUnavailable('token server: the stream ended early');
    } catch (error) {
      throw failureOf(error);
    } finally {
      asked.stop();
      stream.cancel();
    }
  }

  /** Ends the connection. */
  close(): void {
    this.client.close();
  }
}

/** Groups between question and answer, and the door that keeps them few. */
class Asked {
  private readonly groups: (readonly KeySetRequest[])[] = [];
  private wake: () => void = () => undefined;
  private stopped = false;

  get waiting(): number {
    return this.groups.length;
  }

  answered(): readonly KeySetRequest[] | undefined {
    const group = this.groups.shift();
    this.wake();
    return group;
  }

  /** @returns false when nobody wants any more answers */
  async add(group: readonly KeySetRequest[]): Promise<boolean> {
    while (this.groups.length >= GROUPS_ON_THE_WAY && !this.stopped) {
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    if (!this.stopped) this.groups.push(group);
    return !this.stopped;
  }

  stop(): void {
    this.stopped = true;
    this.wake();
  }
}

async function ask(stream: BulkStream, groups: AsyncIterable<readonly KeySetRequest[]>, asked: Asked): Promise<void> {
  for await (const group of groups) {
    if (!(await asked.add(group))) return;
    if (!stream.write({ keyChange: { requests: group.map(keySetToWire) } })) await once(stream, 'drain');
  }
  stream.end();
}

/** A broken call in our words; anything else as it is. */
function failureOf(error: unknown): Error {
  const { code, details } = error as Partial<ServiceError>;
  if (typeof code !== 'number') return error as Error;
  const name = status[code] ?? String(code);
  if (code === status.CANCELLED) return error as Error;
  return new TokenServerUnavailable(`token server: ${name} ${details ?? ''}`.trim(), { cause: error });
}
