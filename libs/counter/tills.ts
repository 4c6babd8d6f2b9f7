import { recordAudit, type SessionUser } from '@vend/identity';
import { DomainError, type InstantMs } from '@vend/kernel';
import type { AccountOf, LedgerErrorCode } from '@vend/ledger';
import type { Database } from '@vend/platform';
import type { CounterErrorCode } from './counter.errors';
import { drawerOf, safeOf, type Shift } from './shift';
import { currentShift } from './store/shifts';
import { readTerms, saveTerms, type StationTerms } from './store/stations';

/** How the person sells now. */
export interface Till {
  readonly terms: StationTerms;
  /** The person's shift that is not closed, if any; at whichever station. */
  readonly shift: Shift | undefined;
}

/** Where the money of a person's sales lies, and out of what cash is paid. */
export class Tills {
  constructor(
    private readonly database: Database,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /** @example (await tills.of(user)).shift?.state // 'OPEN' */
  async of(user: SessionUser): Promise<Till> {
    const [terms, shift] = await Promise.all([
      readTerms(this.database, user.station),
      currentShift(this.database, user.username),
    ]);
    const { station } = user;
    return { terms: terms ?? { station, name: station, office: '', keepsShifts: false, vendor: null }, shift };
  }

  /**
   * Where the money of a sale goes: the drawer of the own shift, the float of the agent, or the station's cash where no
   * shifts are kept.
   *
   * @throws {DomainError} shift-needed: the station keeps shifts and this person has none open; ledger-drawer-sealed: it
   *   is counted already
   * @example await tills.fundsOf(user) // 'cash:NESCO-RAJ-01.2'
   */
  async fundsOf(user: SessionUser): Promise<AccountOf<'cash' | 'float'>> {
    const { terms, shift } = await this.of(user);
    if (terms.vendor !== null) return `float:${terms.vendor}`;
    if (shift?.station === user.station) {
      if (shift.state !== 'OPEN') throw new DomainError<LedgerErrorCode>('ledger-drawer-sealed');
      return drawerOf(shift);
    }
    if (terms.keepsShifts) throw new DomainError<CounterErrorCode>('shift-needed');
    return safeOf(user.station);
  }

  /**
   * The same for what only a counter of the utility takes.
   *
   * @throws {DomainError} agent-recharges-only; and what `fundsOf` throws
   */
  async cashOf(user: SessionUser): Promise<AccountOf<'cash'>> {
    const funds = await this.fundsOf(user);
    if (funds.startsWith('float:')) throw new DomainError<CounterErrorCode>('agent-recharges-only');
    return funds as AccountOf<'cash'>;
  }

  /**
   * Out of what a person pays cash to a customer: the drawer of the own open shift, the agent's own money (which its float
   * gets back), else the station's safe.
   *
   * @example await tills.payOutOf(supervisor) // 'cash:NESCO-RAJ-01'
   */
  async payOutOf(user: SessionUser): Promise<AccountOf<'cash' | 'float'>> {
    const { terms, shift } = await this.of(user);
    if (terms.vendor !== null) return `float:${terms.vendor}`;
    return shift?.state === 'OPEN' && shift.station === user.station ? drawerOf(shift) : safeOf(user.station);
  }

  /**
   * Refuses, at an agent's station, what only a counter of the utility does: it has none of the utility's cash.
   *
   * @throws {DomainError<CounterErrorCode>} agent-recharges-only
   * @example await tills.refuseAgents(user)
   */
  async refuseAgents({ station }: SessionUser): Promise<void> {
    const terms = await readTerms(this.database, station);
    if (terms && terms.vendor !== null) throw new DomainError<CounterErrorCode>('agent-recharges-only');
  }

  /** Says how a station sells from now on. @example await tills.setTerms(user, { station, keepsShifts: true, vendor: null }) */
  async setTerms(
    user: SessionUser,
    terms: Pick<StationTerms, 'station' | 'keepsShifts' | 'vendor'>,
  ): Promise<StationTerms> {
    const before = await readTerms(this.database, terms.station);
    if (!before) throw new DomainError('station-not-found');
    const at = this.now();
    const actor = `user:${user.username}`;
    await this.database.transaction(async (tx) => {
      await saveTerms(tx, terms, { by: user.username, at });
      await recordAudit(tx, {
        ...{ actor, action: 'station-changed', subject: `station:${terms.station}`, at },
        before: { keepsShifts: before.keepsShifts, vendor: before.vendor },
        after: { keepsShifts: terms.keepsShifts, vendor: terms.vendor },
      });
    });
    return { ...before, ...terms };
  }
}
