import { DomainError, type Id, type InstantMs } from '@vend/kernel';
import type { Database } from '@vend/platform';
import { RECEIPT_RULE, subjectOf } from './limits';
import type { PortalErrorCode } from './portal.errors';
import { countTurns } from './store/counts';
import { metersOfPhone, saveNickname, type OwnMeter } from './store/own-meters';
import type { Visitor } from './store/sessions';

/** What is a visitor's: the working meters of every customer with the phone that the code came to. */
export class OwnMeters {
  constructor(
    private readonly database: Database,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /** @example (await own.all(visitor))[0]?.nickname // 'দোকান' */
  all({ mobile }: Visitor): Promise<OwnMeter[]> {
    return metersOfPhone(this.database, mobile);
  }

  /**
   * One of them. To a visitor everybody else's are not there.
   *
   * @throws {DomainError<PortalErrorCode>} own-meter-not-found
   * @example (await own.one(visitor, { meterNo: '600727000000000009' })).meterId
   */
  async one(
    visitor: Visitor,
    which: { readonly meterNo: string } | { readonly meterId: Id | null },
  ): Promise<OwnMeter> {
    const meter = (await this.all(visitor)).find((each) =>
      'meterNo' in which ? each.meterNo === which.meterNo : each.meterId === which.meterId,
    );
    if (!meter) throw new DomainError<PortalErrorCode>('own-meter-not-found');
    return meter;
  }

  /**
   * Gives one of them a name; '' takes it away.
   *
   * @throws {DomainError<PortalErrorCode>} own-meter-not-found
   * @example await own.name(visitor, '600727000000000009', 'দোকান')
   */
  async name(visitor: Visitor, meterNo: string, nickname: string): Promise<OwnMeter> {
    const meter = await this.one(visitor, { meterNo });
    await this.database.transaction((tx) => saveNickname(tx, meter.customerId, meter.meterId, nickname));
    return { ...meter, nickname: nickname === '' ? null : nickname };
  }

  /**
   * Counts one more receipt as a file for a visitor, on whatever device.
   *
   * @throws {DomainError<PortalErrorCode>} too-many-receipts, with the seconds to wait
   * @example await own.takeReceiptTurn(visitor)
   */
  async takeReceiptTurn({ customerId }: Visitor): Promise<void> {
    const counted = [{ subject: subjectOf('receipt-file', customerId), rule: RECEIPT_RULE }];
    const wait = await this.database.transaction((tx) => countTurns(tx, counted, this.now()));
    if (wait !== undefined) {
      throw new DomainError<PortalErrorCode>('too-many-receipts', { retryAfterSeconds: wait });
    }
  }
}
