import { idFromBytes, idToBytes, newId, type Id, type InstantMs } from '@vend/kernel';
import type { Role } from '@vend/identity';
import { parseTopUp } from '@vend/payments';
import type { Reader, Row, Tx } from '@vend/platform';
import type { PaymentState } from '@vend/vending';
import type { CaseOutcome, CaseState } from '../case.lifecycle';
import { caseNumber, type CaseSerial } from '../case-number';
import type { CaseCard, CaseEvent, CaseEventKind, CaseSubjects } from '../cases';
import type { CaseKind } from '../kinds';

/** A case about to be written. */
export interface NewCase extends CaseSubjects {
  readonly caseId: Id;
  readonly inboxId: Id | null;
  /** The opener's Idempotency-Key and what it asked for; null for the machine's. */
  readonly requestId: Id | null;
  readonly contentHash: Buffer | null;
  readonly year: number;
  readonly kind: CaseKind;
  readonly queue: Role;
  readonly words: string;
  readonly openedBy: string;
  readonly openedAt: InstantMs;
  readonly dueAt: InstantMs;
}

const id = (value: Id | null) => value && idToBytes(value);

/**
 * Writes a case and tells its number.
 *
 * @throws a duplicate-key error when the request, or the machine for this payment, has opened one already
 */
export async function insertCase(tx: Tx, c: NewCase): Promise<string> {
  await tx.write(
    `INSERT INTO cases (id, opened_year, request_id, content_hash, kind, state, office, queue, automatic, recharge_id,
       vend_id, meter_id, customer_id, inbox_id, words, opened_by, opened_at, due_at) VALUES (?)`,
    [
      [
        ...[idToBytes(c.caseId), c.year, id(c.requestId), c.contentHash, c.kind, 'OPEN', c.office ?? '', c.queue],
        ...[c.requestId === null, id(c.rechargeId), id(c.vendId), id(c.meterId), id(c.customerId), id(c.inboxId)],
        ...[c.words, c.openedBy, new Date(c.openedAt), new Date(c.dueAt)],
      ],
    ],
  );
  const [row] = await tx.query<{ serial: number }>('SELECT serial FROM cases WHERE id = ?', [idToBytes(c.caseId)]);
  return caseNumber({ year: c.year, serial: row!.serial });
}

/** What an earlier request with this key opened. */
export async function findRequest(reader: Reader, requestId: Id): Promise<{ caseId: Id; hash: Buffer } | undefined> {
  const [row] = await reader.read<{ id: Buffer; content_hash: Buffer }>(
    'SELECT id, content_hash FROM cases WHERE request_id = ?',
    [idToBytes(requestId)],
  );
  return row && { caseId: idFromBytes(row.id), hash: row.content_hash };
}

/** What a change must know of a case; the row stays locked to the end of the transaction. */
export interface LockedCase {
  readonly caseId: Id;
  readonly kind: CaseKind;
  readonly state: CaseState;
  readonly version: number;
  readonly office: string;
  readonly queue: Role;
  readonly owner: string | null;
  readonly waitingFor: string | null;
  readonly customerId: Id | null;
  readonly closedAt: InstantMs | null;
  readonly closings: number;
  /** Of its payment, as it is now; undefined: it has none. */
  readonly paymentState: PaymentState | undefined;
}

interface LockedRow extends Row {
  id: Buffer;
  kind: CaseKind;
  state: CaseState;
  version: number;
  office: string;
  queue: Role;
  owner: string | null;
  waiting_for: string | null;
  customer_id: Buffer | null;
  closed_at: Date | null;
  closings: number;
  payment_state: PaymentState | null;
}

/**
 * Locks a case, and its payment with it: who closes must not be overtaken by who vends. The payment first, always:
 * whoever has locked one of the two can then wait for the other without being waited for.
 */
export async function lockCase(tx: Tx, { caseId, payment }: CaseCard): Promise<LockedCase | undefined> {
  if (payment) await tx.query('SELECT id FROM recharges WHERE id = ? FOR UPDATE', [idToBytes(payment.rechargeId)]);
  return lockedOf(await tx.query<LockedRow>(`${LOCK} WHERE c.id = ? FOR UPDATE`, [idToBytes(caseId)]));
}

/** The machine's case of a payment, locked; the caller has locked the payment. */
export async function lockOwnCase(tx: Tx, rechargeId: Id): Promise<LockedCase | undefined> {
  return lockedOf(await tx.query<LockedRow>(`${LOCK} WHERE c.own_payment = ? FOR UPDATE`, [idToBytes(rechargeId)]));
}

/** A case by its id, locked. */
export async function lockCaseById(tx: Tx, caseId: Id): Promise<LockedCase | undefined> {
  return lockedOf(await tx.query<LockedRow>(`${LOCK} WHERE c.id = ? FOR UPDATE`, [idToBytes(caseId)]));
}

const LOCK = `SELECT c.id, c.kind, c.state, c.version, c.office, c.queue, c.owner, c.waiting_for, c.customer_id, c.closed_at,
  c.closings,
  r.state AS payment_state FROM cases c LEFT JOIN recharges r ON r.id = c.recharge_id`;

function lockedOf([row]: LockedRow[]): LockedCase | undefined {
  return (
    row && {
      caseId: idFromBytes(row.id),
      kind: row.kind,
      state: row.state,
      version: row.version,
      office: row.office,
      queue: row.queue,
      owner: row.owner,
      waitingFor: row.waiting_for,
      customerId: row.customer_id && idFromBytes(row.customer_id),
      closedAt: row.closed_at?.getTime() ?? null,
      closings: row.closings,
      paymentState: row.payment_state ?? undefined,
    }
  );
}

/** What a move writes. */
export interface CaseChange {
  readonly state: CaseState;
  readonly queue: Role;
  readonly owner: string | null;
  readonly dueAt?: InstantMs;
  readonly waitingFor?: string | null;
  readonly closed?: {
    readonly outcome: CaseOutcome;
    readonly words: string;
    readonly at: InstantMs;
    readonly by: string;
  };
}

/** Writes the move of a locked case; its version rises. */
export async function changeCase(tx: Tx, locked: LockedCase, change: CaseChange): Promise<void> {
  const { closed } = change;
  await tx.write(
    `UPDATE cases SET version = version + 1, state = ?, queue = ?, owner = ?, due_at = COALESCE(?, due_at),
       waiting_for = ?, outcome = ?, outcome_words = ?, closed_at = ?, closed_by = ?, closings = closings + ?
     WHERE id = ?`,
    [
      ...[change.state, change.queue, change.owner, change.dueAt === undefined ? null : new Date(change.dueAt)],
      ...[change.waitingFor ?? null, closed?.outcome ?? null, closed?.words ?? null],
      ...[closed ? new Date(closed.at) : null, closed?.by ?? null, closed ? 1 : 0, idToBytes(locked.caseId)],
    ],
  );
}

/** Adds to what happened. */
export async function addEvent(
  tx: Tx,
  caseId: Id,
  event: { readonly at: InstantMs; readonly actor: string; readonly what: CaseEventKind; readonly words?: string },
): Promise<void> {
  await tx.write('INSERT INTO case_events (id, case_id, at, actor, what, words) VALUES (?)', [
    [idToBytes(newId(event.at)), idToBytes(caseId), new Date(event.at), event.actor, event.what, event.words ?? null],
  ]);
}

/** What happened, oldest first. */
export async function readEvents(reader: Reader, caseId: Id): Promise<CaseEvent[]> {
  const rows = await reader.read<{ at: Date; actor: string; what: CaseEventKind; words: string | null }>(
    'SELECT at, actor, what, words FROM case_events WHERE case_id = ? ORDER BY id',
    [idToBytes(caseId)],
  );
  return rows.map(({ at, ...event }) => ({ ...event, at: at.getTime() }));
}

/** The columns of a card and where they come from. */
export const CARD_QUERY = `SELECT c.*, m.pan, cu.customer_no, cu.name AS customer_name, v.receipt_no,
    r.state AS payment_state, r.gross_paisa, r.source, r.source_ref, r.received_at, r.refusal_code, pm.pan AS payment_pan,
    (SELECT i.raw_body FROM inbox i WHERE i.recharge_id = c.recharge_id ORDER BY i.id LIMIT 1) AS raw_body,
    (SELECT n.typed FROM money_notices n WHERE n.recharge_id = c.recharge_id) AS typed
  FROM cases c
  LEFT JOIN meters m ON m.id = c.meter_id LEFT JOIN customers cu ON cu.id = c.customer_id
  LEFT JOIN vends v ON v.id = c.vend_id
  LEFT JOIN recharges r ON r.id = c.recharge_id LEFT JOIN meters pm ON pm.id = r.meter_id`;

export async function readCase(reader: Reader, serial: CaseSerial): Promise<CaseCard | undefined> {
  const [row] = await reader.read(`${CARD_QUERY} WHERE c.serial = ? AND c.opened_year = ?`, [
    serial.serial,
    serial.year,
  ]);
  return row && cardOf(row);
}

export async function readCaseById(reader: Reader, caseId: Id): Promise<CaseCard | undefined> {
  const [row] = await reader.read(`${CARD_QUERY} WHERE c.id = ?`, [idToBytes(caseId)]);
  return row && cardOf(row);
}

export function cardOf(row: Row): CaseCard {
  const text = (name: string) => row[name] as string | null;
  const instant = (name: string) => (row[name] as Date | null)?.getTime() ?? null;
  return {
    caseId: idFromBytes(row['id'] as Buffer),
    number: caseNumber({ year: row['opened_year'] as number, serial: row['serial'] as number }),
    kind: row['kind'] as CaseKind,
    state: row['state'] as CaseState,
    version: row['version'] as number,
    office: row['office'] as string,
    queue: row['queue'] as Role,
    owner: text('owner'),
    automatic: row['automatic'] === 1,
    payment: paymentOf(row),
    receiptNo: text('receipt_no'),
    meterId: row['meter_id'] === null ? null : idFromBytes(row['meter_id'] as Buffer),
    meterNo: text('pan'),
    customerNo: text('customer_no'),
    customerName: text('customer_name'),
    typedReference: typedReference(row['raw_body'] as Buffer | null) ?? text('typed'),
    words: row['words'] as string,
    openedBy: row['opened_by'] as string,
    openedAt: instant('opened_at')!,
    dueAt: instant('due_at')!,
    waitingFor: text('waiting_for'),
    outcome: row['outcome'] as CaseOutcome | null,
    outcomeWords: text('outcome_words'),
    closedAt: instant('closed_at'),
    closedBy: text('closed_by'),
    closings: row['closings'] as number,
  };
}

function paymentOf(row: Row): CaseCard['payment'] {
  if (row['recharge_id'] === null) return null;
  return {
    rechargeId: idFromBytes(row['recharge_id'] as Buffer),
    state: row['payment_state'] as PaymentState,
    amountPaisa: BigInt(row['gross_paisa'] as string),
    source: row['source'] as string,
    sourceRef: row['source_ref'] as string,
    receivedAt: (row['received_at'] as Date).getTime(),
    refusalCode: row['refusal_code'] as string | null,
    meterNo: row['payment_pan'] as string | null,
  };
}

/** The meter or customer number as the payer typed it; nothing else of the event leaves the inbox. */
function typedReference(rawBody: Buffer | null): string | null {
  if (!rawBody) return null;
  try {
    return parseTopUp(rawBody).reference;
  } catch {
    return null;
  }
}
