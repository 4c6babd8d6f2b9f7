import { DomainError, dhakaDay, newId, type Id, type InstantMs } from '@vend/kernel';
import { recordAudit } from '@vend/identity';
import type { Database, Tx } from '@vend/platform';
import type { MeterNumber } from '../identity';
import type { Crediting, Language, MeterKeys, MeterOwner, Phase } from '../meters';
import { saveMeterStates } from '../store/meter-states';
import type { ChangeNote, ConnectionContent, CustomerContent, MeterContent } from './history';
import type { LifeErrorCode } from './life.errors';
import { doOnce } from './life-operations';
import { checkModel } from './models';
import { findModel } from './store/models';
import { findCustomer, meterByPan } from './store/records';
import { changeConnection, changeCustomer, insertConnection, insertCustomer, insertMeter } from './store/writes';
import { holdSupply } from './terms';

/** Who does it, and why; the instant is the service's own. */
export interface Doing {
  /** The request's Idempotency-Key: at most one effect, for ever. */
  readonly key: Id;
  /** `user:rahima`. */
  readonly by: string;
  readonly reason: string;
}

/** A meter about to be put on a wall, as its key card and nameplate say. */
export interface NewMeter {
  readonly number: MeterNumber;
  readonly owner: MeterOwner;
  readonly crediting: Crediting;
  readonly keys: Omit<MeterKeys, 'pan' | 'tct'>;
  /** The manufacturer's model name, if it is on record; null: not said. */
  readonly model: string | null;
}

export interface InstallCommand extends Doing {
  readonly customerNo: string;
  /** For a customer who is not on record yet. */
  readonly customer: {
    readonly name: string;
    readonly mobile: string | null;
    readonly address: string;
    readonly office: string;
    readonly language: Language;
  } | null;
  /** A new connection, or an idle one of this customer: its account was closed, and it is taken over again. */
  readonly connection:
    | {
        readonly address: string | null;
        readonly tariffClass: string;
        readonly phase: Phase;
        readonly sanctionedW: bigint;
      }
    | { readonly connectionId: Id };
  readonly meter: NewMeter;
}

export type Installed = {
  readonly meterId: Id;
  readonly connectionId: Id;
  readonly meterNo: string;
  readonly installedOn: string;
};

/** Puts meters on walls that have none. A prepaid connection pays no deposit (MONEY.md 5). */
export class Installations {
  constructor(
    private readonly database: Database,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Installs a meter: fixed charges are owed from this month on, its units and its TIDs begin at nothing.
   *
   * @throws {DomainError} customer-not-found, customer-exists; connection-not-found, connection-in-use;
   *   meter-number-taken; meter-model-unknown, meter-model-differs; operation-differs
   * @example await installations.install({ key, by: 'user:selim', reason: 'new supply', customerNo: '40000001', customer: null, connection, meter })
   */
  async install(command: InstallCommand): Promise<{ result: Installed; replayed: boolean }> {
    const at = this.now();
    const { key, by, reason, ...content } = command;
    const operation = { key, kind: 'install', subjectId: key, content, by, at } as const;
    return doOnce(this.database, operation, (tx) => this.work(tx, command, { at, by, reason }));
  }

  private async work(tx: Tx, command: InstallCommand, note: ChangeNote): Promise<Installed> {
    const { meter } = command;
    const today = dhakaDay(note.at);
    const customerId = await this.customer(tx, command, note);
    const { connectionId, content } = await this.connection(tx, command, customerId, note);
    const meterId = newId(note.at);
    const record = await meterContent(tx, meter, content.phase, today);
    await insertMeter(tx, { id: meterId, connectionId }, meter.number, record, note);
    await saveMeterStates(tx, [emptyState(meterId)]);
    await recordAudit(tx, {
      actor: note.by,
      action: 'meter-installed',
      subject: `meter:${meter.number.pan}`,
      detail: { customerNo: command.customerNo, reason: note.reason },
      after: { ...keyFacts(record), tariffClass: content.tariffClass, sanctionedW: content.sanctionedW },
      at: note.at,
    });
    return { meterId, connectionId, meterNo: meter.number.pan, installedOn: today };
  }

  private async customer(tx: Tx, { customerNo, customer }: InstallCommand, note: ChangeNote): Promise<Id> {
    const known = await findCustomer(tx, customerNo, true);
    if (known && customer) throw new DomainError<LifeErrorCode>('customer-exists');
    if (known) {
      if (known.content.closedOn) await changeCustomer(tx, known, { ...known.content, closedOn: null }, note);
      return known.recordId;
    }
    if (!customer) throw new DomainError<LifeErrorCode>('customer-not-found');
    const id = newId(note.at);
    const content: CustomerContent = { ...customer, closedOn: null };
    await insertCustomer(tx, id, customerNo, content, note);
    return id;
  }

  private async connection(tx: Tx, { connection }: InstallCommand, customerId: Id, note: ChangeNote) {
    if (!('connectionId' in connection)) {
      const { address, tariffClass, phase, sanctionedW } = connection;
      const id = newId(note.at);
      const content: ConnectionContent = {
        ...{ address, tariffClass, phase, sanctionedW: sanctionedW.toString() },
        ...{ supply: 'connected', disconnectedOn: null },
      };
      await insertConnection(tx, { id, customerId }, content, note);
      return { connectionId: id, content };
    }
    const held = await holdSupply(tx, connection.connectionId, note.at);
    if (held.connection.customerId !== customerId) throw new DomainError<LifeErrorCode>('connection-not-found');
    if (held.meter) throw new DomainError<LifeErrorCode>('connection-in-use');
    const content: ConnectionContent = { ...held.connection.content, supply: 'connected', disconnectedOn: null };
    await changeConnection(tx, held.connection, content, null, note);
    return { connectionId: connection.connectionId, content };
  }
}

/**
 * The row of a meter that is installed on a day.
 *
 * @throws {DomainError<LifeErrorCode>} meter-number-taken; meter-model-unknown, meter-model-differs
 */
export async function meterContent(tx: Tx, meter: NewMeter, phase: Phase, today: string): Promise<MeterContent> {
  const { number, owner, crediting, keys, model } = meter;
  if (await meterByPan(tx, number.pan)) throw new DomainError<LifeErrorCode>('meter-number-taken');
  const stored = model === null ? undefined : await findModel(tx, number.manufacturer, model);
  if (model !== null && !stored) throw new DomainError<LifeErrorCode>('meter-model-unknown');
  if (stored) checkModel(stored, { manufacturer: number.manufacturer, phase, ea: keys.ea, crediting });
  return {
    ...{ owner, crediting, ...keys },
    ...{ installedOn: today, rentUntil: null, modelId: stored?.modelId ?? null, status: 'active', closedOn: null },
  };
}

/** What the audit trail says of a meter: names of keys, never a key. */
export function keyFacts({ owner, crediting, ea, sgc, krn, ti, ken, baseDate }: MeterContent) {
  return { owner, crediting, ea, sgc, krn, ti, ken, baseDate };
}

/** A meter that has sold nothing and owes nothing yet. */
export function emptyState(meterId: Id) {
  return {
    ...{ meterId, lastTid: 0, chargedThrough: null, soldMonth: null, soldWh: 0n, arrearsPaisa: 0n, remainderPaisa: 0n },
    ...{ arrearsPlanJson: null, pfcDuePaisa: 0n, penaltyDuePaisa: 0n, adjustmentDuePaisa: 0n },
    ...{ keyChangeDue: false, charging: null },
  };
}
