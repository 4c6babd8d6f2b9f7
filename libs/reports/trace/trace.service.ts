import { idFromBytes, type Id, type InstantMs } from '@vend/kernel';
import type { Database, Reader } from '@vend/platform';
import {
  countLaterTokens,
  eventOfReceipt,
  eventOfTransaction,
  eventOfVend,
  findToken,
  findTracedMeters,
  hex,
  instant,
  lastEvents,
  readSurroundings,
  type EventRow,
  type Surroundings,
} from '../store/trace.store';
import { findingsOf, type Finding } from './trace.findings';
import type { CaseNames, TracedEvent, TracedMeter, TracedSms, TracedVend, TraceFacts, TraceQuestion } from './trace';

/** The facts, and what follows from them. */
export interface TraceAnswer extends TraceFacts {
  readonly findings: readonly Finding[];
}

type BareMeter = Omit<TracedMeter, 'keyChanges'>;

/**
 * Answers "I paid, where is my token?", "the meter refuses it" and "the bill still shows due" in one call: a handful of
 * reads by key, then rules over what they found.
 */
export class Trace {
  constructor(
    private readonly database: Database,
    private readonly caseNames: CaseNames,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Everything about a meter, a phone, a payment, a receipt or a token, as of now. Customers of offices that the asker may
   * not see are not there; money that named no meter is anybody's to ask about.
   *
   * @example (await trace.ask({ token, meter: '600727000000000009', limit: 10, offices: 'all' })).findings[0].code
   */
  ask(question: TraceQuestion): Promise<TraceAnswer> {
    return this.database.reads((reader) => this.read(reader, question));
  }

  private async read(reader: Reader, question: TraceQuestion): Promise<TraceAnswer> {
    const { transactionId, receiptNo, token: digits, meter, phone, limit, offices } = question;
    const [byTransaction, byReceipt, tokens, byMeter, byPhone] = await Promise.all([
      transactionId === undefined ? [] : eventOfTransaction(reader, transactionId),
      receiptNo === undefined ? [] : eventOfReceipt(reader, receiptNo),
      digits === undefined ? [] : findToken(reader, digits),
      meter === undefined ? [] : findTracedMeters(reader, { meter }),
      phone === undefined ? [] : findTracedMeters(reader, { phone }),
    ]);
    const named = [...byMeter, ...byPhone];
    // Of two vends that hold the same digits, the one of the meter in question.
    const token = tokens.find(({ meterId }) => named.some((each) => each.meterId === meterId)) ?? tokens[0];
    const byToken = token ? await eventOfVend(reader, token.vendId) : [];
    const asked = [...byToken, ...byReceipt, ...byTransaction];
    const found = await findTracedMeters(reader, { ids: othersOf(asked, named) });
    const visible = (each: BareMeter) => offices === 'all' || offices.includes(each.office);
    const meters = unique([...named, ...found]).filter(visible);
    const ids = meters.map(({ meterId }) => meterId);
    const mine = ({ meter_id: id }: EventRow) => id === null || ids.includes(idFromBytes(id));
    const pointed = asked.filter(mine);
    const own = token && ids.includes(token.meterId) ? token : null;
    const [last, laterTokens] = await Promise.all([
      lastEvents(reader, ids, limit),
      own ? countLaterTokens(reader, own) : null,
    ]);
    const rows = [...new Map([...pointed, ...last].map((row) => [hex(row.recharge_id), row])).values()];
    const around = await readSurroundings(reader, {
      vends: rows.flatMap(({ vend_id: id }) => (id ? [idFromBytes(id)] : [])),
      recharges: rows.map(({ recharge_id: id }) => idFromBytes(id)),
      meters: ids,
    });
    const events = rows.map((row) => eventOf(row, around)).sort(newestFirst);
    const facts: TraceFacts = {
      now: this.now(),
      complaint: question.complaint ?? null,
      meters: meters.map((each) => ({ ...each, keyChanges: around.keyChanges.get(hexOf(each.meterId)) ?? [] })),
      events,
      cases: around.cases.map(({ year, serial, ...one }) => ({
        ...one,
        number: this.caseNames.number({ year, serial }),
        ended: one.state === 'CLOSED' && one.outcome !== null ? this.caseNames.outcome(one.outcome) : null,
      })),
      focus: focusOf(events, pointed, question),
      asked: {
        unknown: [
          ...(transactionId !== undefined && byTransaction.filter(mine).length === 0 ? (['transaction'] as const) : []),
          ...(receiptNo !== undefined && byReceipt.filter(mine).length === 0 ? (['receipt'] as const) : []),
          ...(digits !== undefined && !own ? (['token'] as const) : []),
          ...((meter ?? phone) !== undefined && named.filter(visible).length === 0 ? (['meter'] as const) : []),
        ],
        token: own,
        meterIds: named.filter(visible).map(({ meterId }) => meterId),
      },
      laterTokens,
    };
    return { ...facts, findings: findingsOf(facts) };
  }
}

/** The meters of events that the question did not name itself. */
function othersOf(rows: readonly EventRow[], named: readonly BareMeter[]): Id[] {
  const ids = rows.flatMap(({ meter_id: id }) => (id ? [idFromBytes(id)] : []));
  return [...new Set(ids)].filter((id) => !named.some(({ meterId }) => meterId === id));
}

function unique(meters: readonly BareMeter[]): BareMeter[] {
  return [...new Map(meters.map((each) => [each.meterId, each])).values()];
}

/** What was pointed at; else the last payment. An engineering token is nobody's missing recharge. */
function focusOf(
  events: readonly TracedEvent[],
  pointed: readonly EventRow[],
  question: TraceQuestion,
): TracedEvent | null {
  const first = pointed[0];
  if (first) return events.find(({ rechargeId }) => rechargeId === idFromBytes(first.recharge_id)) ?? null;
  const pointless = (question.transactionId ?? question.receiptNo ?? question.token) !== undefined;
  if (pointless) return null;
  return events.find(({ kind }) => kind === 'credit') ?? events[0] ?? null;
}

function newestFirst(a: TracedEvent, b: TracedEvent): number {
  return b.receivedAt - a.receivedAt || (b.rechargeId < a.rechargeId ? -1 : 1);
}

function hexOf(id: Id): string {
  return id.replaceAll('-', '');
}

function eventOf(row: EventRow, around: Surroundings): TracedEvent {
  return {
    rechargeId: idFromBytes(row.recharge_id),
    kind: row['kind'] as string,
    source: row['source'] as string,
    sourceRef: row['source_ref'] as string,
    channel: row['channel'] as string,
    state: row['state'] as TracedEvent['state'],
    refusalCode: row['refusal_code'] as string | null,
    grossPaisa: BigInt(row['gross_paisa'] as string),
    receivedAt: instant(row['received_at'])!,
    meterId: row.meter_id && idFromBytes(row.meter_id),
    attempts: around.attempts.get(`pending-vend/${hex(row.recharge_id)}`) ?? 0,
    vend: row.vend_id && vendOf(row, row.vend_id, around),
  };
}

function vendOf(row: EventRow, vendId: Buffer, around: Surroundings): TracedVend {
  const key = hex(vendId);
  const wattHours = (column: string) => (row[column] === null ? null : BigInt(row[column] as string));
  return {
    vendId: idFromBytes(vendId),
    receiptNo: row['receipt_no'] as string,
    state: row['vend_state'] as TracedVend['state'],
    issuedAt: instant(row['issued_at'])!,
    cancelledAt: around.cancelledAt.get(key) ?? null,
    energyPaisa: BigInt(row['energy_paisa'] as string),
    energyWh: wattHours('energy_wh'),
    estimatedWh: wattHours('estimated_wh'),
    arrearsPaisa: BigInt(row['arrears_paisa'] as string),
    chargesPaisa: BigInt(row['rent_paisa'] as string) + BigInt(row['demand_paisa'] as string),
    tokens: around.tokens.get(key) ?? [],
    sms: smsOf(key, around),
    load: around.loads.get(key) ?? null,
  };
}

function smsOf(vend: string, { notices, attempts }: Surroundings): TracedSms {
  const row = notices.get(vend);
  return {
    state: (row?.['state'] ?? 'QUEUED') as TracedSms['state'],
    outcome: (row?.['outcome'] ?? null) as string | null,
    reference: (row?.['reference_id'] ?? null) as string | null,
    parts: (row?.['parts'] ?? null) as number | null,
    attempts: attempts.get(`receipt/${vend}`) ?? 0,
    at: row ? instant(row['updated_at']) : null,
  };
}
