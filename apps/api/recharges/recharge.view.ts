import { formatInstant, formatTaka, type Paisa } from '@vend/kernel';
import type { MeterRef } from '@vend/meters';
import type { NoticeState } from '@vend/sms';
import type { Quote } from '@vend/tariff';
import type { Penalty, RechargeRecord, TillVend, VendRecord } from '@vend/vending';
import { moneyView, monthText } from '../http/format';
import { creditView, energyView, linesView, vendLinesView, remainderView, tokenView } from '../http/priced.view';
import type { TokenDto } from '../http/priced.dto';
import type { NoticeDto, RechargeDto, RechargeStatus, TillVendDto } from './recharge.dto';

const STATUS: Readonly<Record<RechargeRecord['state'], RechargeStatus>> = {
  RECEIVED: 'pending',
  APPLIED: 'vended',
  REFUND_DUE: 'refund-due',
  REFUNDED: 'refund-due',
};

const NOTICE: Readonly<Record<NoticeState, NoticeDto['state']>> = {
  QUEUED: 'queued',
  SENT: 'sent',
  DELIVERED: 'sent',
  FAILED: 'failed',
};

export function statusOf(record: RechargeRecord): RechargeStatus {
  return STATUS[record.state];
}

/** The tokens of a vend that stands; those of a cancelled one are handed out to nobody. */
export function tokensOf({ state, vend }: RechargeRecord): TokenDto[] {
  return state === 'APPLIED' ? (vend?.tokens.map(tokenView) ?? []) : [];
}

/** What a recharge is shown with, besides its own record. */
export interface RechargeContext {
  readonly meter: MeterRef;
  /** The vend's quote, priced again; undefined while there is no vend. */
  readonly quote: Quote | undefined;
  /** What is owed after the vend; null while there is none. */
  readonly arrearsLeftPaisa: Paisa | null;
  /** The notices behind a penalty or surcharge that it took. */
  readonly papers: readonly Penalty[];
  readonly notice: NoticeState;
  readonly keyChangeId: string | null;
  readonly copy: boolean;
}

/** Engineering tokens, key changes, fees and arrears credit nothing. */
function carriesCredit(vend: VendRecord | null): vend is VendRecord {
  return vend?.tokens.some(({ kind }) => kind === 'credit') ?? false;
}

export function rechargeView(
  record: RechargeRecord,
  { meter, quote, arrearsLeftPaisa, papers, notice, keyChangeId, copy }: RechargeContext,
): RechargeDto {
  const { vend } = record;
  return {
    rechargeId: record.rechargeId,
    receiptNo: vend?.receiptNo ?? null,
    kind: record.kind,
    status: statusOf(record),
    channel: record.channel,
    meterNo: meter.pan,
    customerNo: meter.customerNo,
    customerName: meter.customerName,
    amount: moneyView(record.grossPaisa),
    energy: vend && energyView(vend),
    credit: carriesCredit(vend) ? creditView(vend.energyWh, vend.amounts.energyPaisa) : null,
    tariffVersion: vend?.pricing?.tariffVersion ?? null,
    rebateProfile: vend?.pricing?.rebateProfile ?? null,
    months: quote?.months.map(monthText) ?? [],
    remainder: vend && remainderView(vend.amounts),
    lines: quote ? linesView(quote, papers) : vend && vend.kind !== 'credit' ? vendLinesView(vend) : [],
    arrearsLeft: arrearsLeftPaisa === null ? null : formatTaka(arrearsLeftPaisa),
    detail: vend?.detail ?? null,
    bookedAt: formatInstant(record.receivedAt),
    copy,
    tokens: tokensOf(record),
    keyChangeId,
    sampleTables: vend?.tokens.some((token) => token.sampleTables) ?? false,
    notice: { state: NOTICE[notice] },
  };
}

/** A line of the till's day. */
export function tillVendView(vend: TillVend): TillVendDto {
  return {
    rechargeId: vend.rechargeId,
    kind: vend.kind,
    status: STATUS[vend.state],
    receiptNo: vend.receiptNo,
    meterNo: vend.meterNo,
    customerName: vend.customerName,
    amount: moneyView(vend.grossPaisa),
    bookedAt: formatInstant(vend.receivedAt),
    by: vend.actor.slice(vend.actor.indexOf(':') + 1),
  };
}
