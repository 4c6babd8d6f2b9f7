import type { Id, InstantMs } from '@vend/kernel';
import { OneTimeCodes } from '@vend/messages';
import { settleOutbox, type Database } from '@vend/platform';
import { queueMessages } from '@vend/sms';
import { TICKET_LIVES_MS } from './limits';
import { findAsker, lockAsk, markWorked } from './store/asks';

/** What a code of this page opens: this page. */
export const PURPOSE = 'customer-page';

/** Codes that leave as a message to the customer's own phone. */
export function pageCodes(database: Database, secret: Buffer, now: () => InstantMs = Date.now): OneTimeCodes {
  const queue = (...[tx, codeId, customerId, at]: Parameters<ConstructorParameters<typeof OneTimeCodes>[2]>) =>
    queueMessages(
      tx,
      [
        {
          ...{ template: 'one-time-code', subject: { kind: 'code', id: codeId } },
          recipient: { kind: 'customer', id: customerId },
        },
      ],
      at,
    );
  return new OneTimeCodes(database, secret, queue, now);
}

/** Sends the codes that were asked for, if what was typed means a customer. Nobody waits for its answer. */
export class CodeDesk {
  private readonly codes: OneTimeCodes;

  constructor(
    private readonly database: Database,
    secret: Buffer,
    private readonly now: () => InstantMs = Date.now,
  ) {
    this.codes = pageCodes(database, secret, now);
  }

  /**
   * Works one ask. Worked twice, or by two workers, it sends one code.
   *
   * @returns what became of it; undefined: it had been worked
   * @example await desk.work(ticket) // 'sent'
   */
  work(ticket: Id): Promise<'sent' | 'nobody' | 'late' | 'limit' | undefined> {
    return this.database.transaction(async (tx) => {
      const ask = await lockAsk(tx, ticket);
      await settleOutbox(tx, 'portal-code', [ticket]);
      if (!ask || ask.worked) return undefined;
      const at = this.now();
      const end = async (outcome: 'nobody' | 'late' | 'limit') => {
        await markWorked(tx, ticket, null, at);
        return outcome;
      };
      if (ask.askedAt + TICKET_LIVES_MS <= at) return end('late');
      const reader = { read: tx.query.bind(tx) };
      const customerId = await findAsker(reader, ask.mobile, ask.reference);
      if (customerId === undefined) return end('nobody');
      const issued = await this.codes.issueIn(tx, PURPOSE, customerId);
      if (issued.state === 'limit') return end('limit');
      await markWorked(tx, ticket, { customerId, codeId: issued.codeId }, at);
      return 'sent';
    });
  }
}
