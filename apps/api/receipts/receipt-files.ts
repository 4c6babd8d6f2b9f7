import { Injectable } from '@nestjs/common';
import { recordAudit, type SessionUser } from '@vend/identity';
import { DomainError } from '@vend/kernel';
import { loadVendingMeters } from '@vend/meters';
import { DrawingTurns, receiptEscPos, receiptPdf } from '@vend/paper';
import { Database } from '@vend/platform';
import type { Visitor } from '@vend/portal';
import { sheetOf, type Language, type Receipt, type ReceiptSheet } from '@vend/receipts';
import { receiptOf, VendingService, type RechargeRecord, type VendRecord } from '@vend/vending';
import { RechargeViews, tillOf } from '../recharges/recharge.views';

/** Where customers find their receipts: an address, asked for with each receipt. */
export class CustomerPage {
  constructor(readonly url: () => string) {}
}

/** As what a receipt leaves. */
export type ReceiptForm = 'pdf' | 'escpos';

/** So long after a sale its own till prints the original: a printer jams, a line breaks. Later it is a copy. */
const ORIGINAL_MS = 10 * 60_000;

type Vended = RechargeRecord & { readonly vend: VendRecord };

/** Receipts as files, each on record before it leaves: it has the tokens on it. */
@Injectable()
export class ReceiptFiles {
  private readonly turns = new DrawingTurns();

  constructor(
    private readonly database: Database,
    private readonly vending: VendingService,
    private readonly views: RechargeViews,
    private readonly page: CustomerPage,
  ) {}

  /**
   * For a counter. The till that sold it gets the original for ten minutes; anything else is a copy.
   *
   * @throws {DomainError} recharge-not-found, receipt-not-made, receipts-busy
   */
  async forTill(
    user: SessionUser,
    rechargeId: string,
    form: ReceiptForm,
    { language = 'bn', wantsCopy }: { readonly language?: Language; readonly wantsCopy: boolean },
  ): Promise<Buffer> {
    const record = vended(await this.views.visible(user, rechargeId));
    const at = Date.now();
    const isOriginal = !wantsCopy && record.source === tillOf(user) && at - record.vend.issuedAt < ORIGINAL_MS;
    const file = await this.file(record, form, language, !isOriginal);
    await this.database.transaction((tx) =>
      recordAudit(tx, {
        actor: `user:${user.username}`,
        action: isOriginal ? 'receipt-printed' : 'recharge-reprinted',
        subject: `recharge:${record.rechargeId}`,
        detail: { receiptNo: record.vend.receiptNo, station: user.station, form },
        at,
      }),
    );
    return file;
  }

  /**
   * For its customer, as PDF. A counter has handed out the original on paper; of other channels this is the first.
   *
   * @param record of a meter of the visitor's
   * @throws {DomainError} receipt-not-made, receipts-busy
   */
  async forCustomer(visitor: Visitor, record: RechargeRecord, language: Language = 'bn'): Promise<Buffer> {
    const own = vended(record);
    const file = await this.file(own, 'pdf', language, own.channel === 'counter');
    await this.database.transaction((tx) =>
      recordAudit(tx, {
        actor: `customer:${visitor.customerNo}`,
        action: 'own-tokens-read',
        subject: `recharge:${own.rechargeId}`,
        detail: { receiptNo: own.vend.receiptNo, form: 'pdf' },
        at: Date.now(),
      }),
    );
    return file;
  }

  private async file(record: Vended, form: ReceiptForm, language: Language, copy: boolean): Promise<Buffer> {
    const receipt = await this.receipt(record, copy);
    const sheet: ReceiptSheet = sheetOf(receipt, language, this.page.url());
    return this.turns.take(() =>
      form === 'escpos' ? receiptEscPos(sheet) : receiptPdf(sheet, receipt.receiptNo, receipt.issuedAt),
    );
  }

  private async receipt(record: Vended, copy: boolean): Promise<Receipt> {
    const ids = record.meterId === null ? [] : [record.meterId];
    const [meter] = (await this.database.transaction((tx) => loadVendingMeters(tx, ids))).values();
    if (!meter) throw new DomainError('recharge-not-found');
    const receipt = receiptOf(record, meter, this.vending);
    // The numbers of the notices behind a penalty, as the page shows them.
    const { lines } = await this.views.view(record, copy);
    const papers = new Map(lines.map((line) => [line.code, line.papers]));
    return {
      ...receipt,
      copy,
      lines: receipt.lines.map((line) => {
        const numbers = (papers.get(line.code) ?? []).join(', ');
        if (numbers === '') return line;
        return { ...line, why: { bn: `${line.why.bn}; নোটিশ ${numbers}`, en: `${line.why.en}; notice ${numbers}` } };
      }),
    };
  }
}

/** @throws {DomainError} receipt-not-made while there is no vend, and when it was cancelled */
function vended(record: RechargeRecord): Vended {
  const { vend, state } = record;
  if (!vend || state !== 'APPLIED') throw new DomainError('receipt-not-made');
  return { ...record, vend };
}
