import { DomainError, idToBytes, type Id, type InstantMs } from '@vend/kernel';
import { recordAudit } from '@vend/identity';
import type { Database, Tx } from '@vend/platform';
import type { ChangeNote, CustomerContent, PersonContent } from './history';
import type { LifeErrorCode } from './life.errors';
import { connectionById, findCustomer, holdPerson, type StandingCustomer } from './store/records';
import { changeCustomer, changePerson, insertPerson } from './store/writes';

/** What of a customer may be changed; what is left out stays. */
export type CustomerChange = Partial<Pick<CustomerContent, 'name' | 'mobile' | 'address' | 'language' | 'smsForm'>>;
export type PersonDetails = Omit<PersonContent, 'removed'>;
/** Who does it and why. */
export type Reason = Pick<ChangeNote, 'by' | 'reason'>;

/** Names, numbers and people: what nobody is charged for. */
export class CustomerChanges {
  constructor(
    private readonly database: Database,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Changes a customer's data. Again with the same data changes nothing, and leaves no trace.
   *
   * @throws {DomainError<LifeErrorCode>} customer-not-found
   * @example await changes.customer('40000001', { name: 'Rahima Begum' }, { by: 'user:rahima', reason: 'married' })
   */
  customer(customerNo: string, change: CustomerChange, why: Reason): Promise<StandingCustomer> {
    return this.database.transaction(async (tx) => {
      const was = await findCustomer(tx, customerNo, true);
      if (!was) throw new DomainError<LifeErrorCode>('customer-not-found');
      const to: CustomerContent = { ...was.content, ...change };
      const changed = (Object.keys(change) as (keyof CustomerChange)[]).filter(
        (name) => to[name] !== was.content[name],
      );
      if (changed.length === 0) return was;
      const note = { at: this.now(), ...why };
      await changeCustomer(tx, was, to, note);
      await recordAudit(tx, {
        actor: why.by,
        action: 'customer-changed',
        subject: `customer:${customerNo}`,
        detail: { reason: why.reason, changed: changed.join() },
        before: factsOf(was.content),
        after: factsOf(to),
        at: note.at,
      });
      return { ...was, content: to, validFrom: note.at };
    });
  }

  /**
   * Notes who else has to do with a connection. They stay with it when its meter is replaced.
   *
   * @param id made by the caller and kept: the same id is the same person, however often it is sent
   * @throws {DomainError<LifeErrorCode>} connection-not-found
   */
  async addPerson(id: Id, connectionId: Id, details: PersonDetails, why: Reason): Promise<void> {
    await this.database.transaction(async (tx) => {
      await connectionById(tx, connectionId);
      const known = await tx.query('SELECT 1 FROM connection_people WHERE id = ? FOR UPDATE', [idToBytes(id)]);
      if (known.length > 0) return;
      const note = { at: this.now(), ...why };
      await insertPerson(tx, id, connectionId, { ...details, removed: false }, note);
      await this.auditPerson(tx, connectionId, note, { added: true, role: details.role });
    });
  }

  /** @throws {DomainError<LifeErrorCode>} connection-person-not-found: of another connection, or removed */
  async changePerson(id: Id, connectionId: Id, details: PersonDetails, why: Reason): Promise<void> {
    await this.person(id, connectionId, { ...details, removed: false }, why);
  }

  /** @throws {DomainError<LifeErrorCode>} connection-person-not-found: of another connection, or removed */
  async removePerson(id: Id, connectionId: Id, why: Reason): Promise<void> {
    await this.person(id, connectionId, null, why);
  }

  private async person(id: Id, connectionId: Id, to: PersonContent | null, why: Reason): Promise<void> {
    await this.database.transaction(async (tx) => {
      const was = await holdPerson(tx, id);
      if (was.connectionId !== connectionId) throw new DomainError<LifeErrorCode>('connection-person-not-found');
      const note = { at: this.now(), ...why };
      await changePerson(tx, was, to ?? { ...was.content, removed: true }, note);
      await this.auditPerson(tx, connectionId, note, { removed: to === null, role: was.content.role });
    });
  }

  private auditPerson(tx: Tx, connectionId: Id, note: ChangeNote, detail: Record<string, string | boolean>) {
    return recordAudit(tx, {
      actor: note.by,
      action: 'connection-person-changed',
      subject: `connection:${connectionId}`,
      detail: { ...detail, reason: note.reason },
      at: note.at,
    });
  }
}

/** For the audit trail, which holds no phone number: that it changed is said by `changed`. */
function factsOf({ name, address, language, smsForm = 'words' }: CustomerContent) {
  return { name, address, language, smsForm };
}
