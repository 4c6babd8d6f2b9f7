import { formatInstant, formatKwh } from '@vend/kernel';
import type { TraceAnswer, TracedCase, TracedEvent, TracedMeter } from '@vend/reports';
import { moneyView, monthText } from '../http/format';
import type { TraceDto } from './trace.dto';

/** The answer in the edge's words; tokens whole only where the asker may have them. */
export function traceView(answer: TraceAnswer, showTokens: boolean): TraceDto {
  return {
    asOf: formatInstant(answer.now),
    focus: answer.focus?.rechargeId ?? null,
    findings: [...answer.findings],
    meters: answer.meters.map(meterView),
    cases: answer.cases.map(caseView),
    events: answer.events.map((event) => eventView(event, showTokens)),
  };
}

function caseView({
  caseId,
  number,
  kind,
  state,
  outcome,
  office,
  owner,
  dueAt,
}: TracedCase): TraceDto['cases'][number] {
  return { caseId, number, kind, state: state.toLowerCase(), outcome, office, owner, dueAt: formatInstant(dueAt) };
}

function meterView(meter: TracedMeter): TraceDto['meters'][number] {
  const { pan, status, customerNo, customerName, office, hasPhone, headEnd, chargedThrough } = meter;
  const open = meter.keyChanges.find(({ state }) => state === 'DUE' || state === 'ISSUED');
  return {
    ...{ meterNo: pan, status, customerNo, customerName, office, hasPhone, headEnd },
    arrears: moneyView(meter.arrearsPaisa),
    dues: moneyView(meter.duesPaisa),
    chargedThrough: chargedThrough === null ? null : monthText(chargedThrough),
    keyChange: open ? open.state.toLowerCase() : null,
  };
}

function eventView(event: TracedEvent, showTokens: boolean): TraceDto['events'][number] {
  const { rechargeId, kind, source, sourceRef, channel, refusalCode, attempts, vend } = event;
  const at = (instant: number | null) => (instant === null ? null : formatInstant(instant));
  return {
    rechargeId,
    kind,
    paid: {
      ...{ source, transactionId: sourceRef, channel, refusalCode, attempts },
      amount: moneyView(event.grossPaisa),
      at: formatInstant(event.receivedAt),
      state: event.state.toLowerCase().replace('_', '-'),
    },
    vended: vend && {
      receiptNo: vend.receiptNo,
      state: vend.state.toLowerCase(),
      at: formatInstant(vend.issuedAt),
      cancelledAt: at(vend.cancelledAt),
      energy: moneyView(vend.energyPaisa),
      kwh: vend.energyWh === null ? null : formatKwh(vend.energyWh),
      tokens: vend.tokens.map(({ sequence, of, kind: tokenKind, digits }) => ({
        ...{ sequence, of, kind: tokenKind },
        digits: showTokens ? digits : masked(digits),
      })),
    },
    sms: vend && {
      ...{ outcome: vend.sms.outcome, reference: vend.sms.reference, attempts: vend.sms.attempts },
      state: vend.sms.state.toLowerCase(),
      at: at(vend.sms.at),
    },
    load: vend?.load
      ? {
          remoteLoadId: vend.load.loadId,
          ...{ state: vend.load.state, headEnd: vend.load.headEnd, reason: vend.load.reason },
          concludedAt: at(vend.load.concludedAt),
        }
      : null,
  };
}

/** @example masked('12345678901234567890') // '**** **** **** **** 7890' */
function masked(digits: string): string {
  return `**** **** **** **** ${digits.slice(-4)}`;
}
