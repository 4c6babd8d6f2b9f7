import { createHash } from 'node:crypto';
import { DomainError, formatTaka, type Id, type InstantMs, type Paisa } from '@vend/kernel';
import { recordAudit, useApproval, type Approvals, type SessionUser } from '@vend/identity';
import {
  reversalEntry,
  settlementBackEntry,
  settlementEntry,
  vatTransferEntry,
  writeOffEntry,
  type AccountOf,
  type Entry,
  type LedgerService,
} from '@vend/ledger';
import { isDuplicate, leaveToWorkerAgain, type Database, type Tx } from '@vend/platform';
import { actionsFor, BREAK_ACTIONS, mayMove, sumOf, type Break, type BreakAction, type BreakState } from './breaks';
import type { FoundPayment, SettlementPorts } from './ports';
import { concludeCase, nameOf } from './raising';
import type { SettlementErrorCode } from './settlement.errors';
import { findProvider, sourceOf, type SettlementProvider } from './source';
import {
  actionsOf,
  changeBreak,
  findAction,
  findBreak,
  insertAction,
  lockBreak,
  type DoneAction,
} from './store/breaks';
import { importsToLookAgain } from './store/imports';

/** What somebody wants to do about a break. */
export interface ActOnBreak {
  /** The Idempotency-Key: the same key is the same action. */
  readonly key: Id;
  readonly breakId: Id;
  readonly action: BreakAction;
  /** With `vend`: the meter or customer number, where the payer's own names nobody. */
  readonly reference?: string | undefined;
  readonly reason: string;
}

export type ActAnswer =
  | { readonly state: 'done'; readonly broken: Break; readonly replayed: boolean }
  | { readonly state: 'pending'; readonly approvalId: Id };

interface Rooms {
  readonly database: Database;
  readonly ledger: LedgerService;
  readonly approvals: Approvals;
  readonly ports: SettlementPorts;
}

/** An action that may go on. */
interface Going {
  readonly asked: ActOnBreak;
  readonly broken: Break;
  readonly provider: SettlementProvider;
  /** What was done about it before. */
  readonly earlier: readonly DoneAction[];
  readonly amountPaisa: Paisa;
  readonly approvalId: Id | null;
  readonly by: string;
}

/**
 * What people do about breaks. Each action happens once, whoever asks and however often: the break's row decides between
 * two at once, and what is vended or kept has a business key of its own, so that a try that died is found by the next.
 */
export class BreakActions {
  constructor(
    private readonly rooms: Rooms,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * Does what is asked, or says that a second person must agree first.
   *
   * @throws {DomainError} break-not-found, break-settled, break-changed, break-action-unfit, break-meter-unknown,
   *   break-key-conflict; approval-refused, approval-expired, approval-differs; transaction-conflict: the same money went
   *   another way meanwhile. Nothing was changed then.
   * @example await actions.act(user, { key, breakId, action: 'vend', reason: 'paid at 23:59, our line was down' })
   */
  async act(user: SessionUser, asked: ActOnBreak): Promise<ActAnswer> {
    const { database } = this.rooms;
    const broken = await findBreak(database, asked.breakId);
    if (!broken) throw refusal('break-not-found');
    if (await this.wasDone(asked)) return { state: 'done', broken, replayed: true };
    if (broken.state !== 'OPEN' && broken.state !== 'CLAIMED') throw refusal('break-settled');
    if (!actionsFor(broken).includes(asked.action)) throw refusal('break-action-unfit');
    const provider = await findProvider(database, broken.provider);
    if (!provider) throw refusal('statement-provider-unknown');
    const earlier = await actionsOf(database, asked.breakId);
    // What was done between the two reads would count towards another key for the same money.
    if ((await findBreak(database, asked.breakId))?.version !== broken.version) {
      if (await this.wasDone(asked)) return this.act(user, asked);
      throw refusal('break-changed');
    }
    const amountPaisa = asked.action === 'take-back' ? standingWriteOff(earlier).amountPaisa : sumOf(broken);
    const gate = await this.gate(user, asked, broken, amountPaisa);
    if (gate?.state === 'pending') return gate;
    const by = `user:${user.username}`;
    const going = { asked, broken, provider, earlier, amountPaisa, approvalId: gate?.approvalId ?? null, by };
    let replayed = false;
    try {
      await this.go(going);
    } catch (error) {
      // A twin with the same key may have been quicker: then this is its repeat.
      replayed = await this.wasDone(asked);
      if (!replayed) throw isDuplicate(error) ? refusal('break-settled') : error;
    }
    return { state: 'done', broken: (await findBreak(database, asked.breakId))!, replayed };
  }

  private async wasDone({ key, breakId, action }: ActOnBreak): Promise<boolean> {
    const earlier = await findAction(this.rooms.database, key);
    if (earlier && (earlier.breakId !== breakId || earlier.action !== action)) throw refusal('break-key-conflict');
    return earlier !== undefined;
  }

  private async gate(by: SessionUser, { key, action, reason, breakId }: ActOnBreak, broken: Break, amountPaisa: Paisa) {
    if (!BREAK_ACTIONS[action].approval) return undefined;
    return this.rooms.approvals.gate({
      kind: 'settlement-action',
      key,
      subject: `break:${breakId}`,
      content: {
        ...{ action, provider: broken.provider, transaction: broken.trxId, bucket: broken.bucket, day: broken.day },
        ...{ ours: formatTaka(broken.oursPaisa), theirs: formatTaka(broken.theirsPaisa) },
        amount: formatTaka(amountPaisa),
      },
      reason,
      by,
    });
  }

  private async go(going: Going): Promise<void> {
    const { asked, broken, provider, amountPaisa } = going;
    if (asked.action === 'vend' || asked.action === 'refund') {
      const payment = asked.action === 'vend' ? await this.vend(going) : await this.keep(going);
      return this.rooms.database.transaction((tx) => this.conclude(tx, going, payment));
    }
    if (asked.action === 'charge-meter') {
      const { repeated } = await this.rooms.ports.chargeMeter({
        businessId: asked.key,
        meterId: broken.meterId!,
        against: fundsOf(provider),
        amountPaisa,
        alongside: (tx) => this.conclude(tx, going, null),
      });
      if (repeated) throw refusal('break-settled');
      return;
    }
    const entry = await this.entryOf(going);
    if (entry) await this.rooms.ledger.open(entry.postings.flatMap(({ debit, credit }) => [debit, credit]));
    await this.rooms.database.transaction(async (tx) => {
      await this.conclude(tx, going, null);
      // Last: it ends with the balance rows that everybody shares.
      if (entry) await this.rooms.ledger.post(tx, [entry]);
    });
  }

  private vend({ asked, broken, provider, earlier, by }: Going): Promise<FoundPayment> {
    const money = { ...moneyOf(broken, provider, earlier), actor: by };
    if (broken.meterId && asked.reference === undefined) {
      return this.rooms.ports.vend(money, { meterId: broken.meterId });
    }
    const reference = asked.reference ?? broken.billerRef;
    if (reference === '') throw refusal('break-meter-unknown');
    return this.rooms.ports.vend(money, { reference });
  }

  private keep({ broken, provider, earlier, by }: Going): Promise<FoundPayment> {
    return this.rooms.ports.keep({ ...moneyOf(broken, provider, earlier), actor: by });
  }

  /** What is booked for an action; undefined: a claim moves nothing. */
  private async entryOf({ asked, broken, provider, earlier, amountPaisa }: Going): Promise<Entry | undefined> {
    const fact = { businessId: asked.key, bookedAt: this.now() };
    const receivable = `receivable:${broken.provider}` as const;
    const { settlementBank: bank, vatBank } = provider;
    switch (asked.action) {
      case 'write-off':
        return writeOffEntry({ ...fact, meterId: null }, fundsOf(provider), amountPaisa);
      case 'take-back': {
        const businessId = standingWriteOff(earlier).key;
        const written = await this.rooms.ledger.entry('write-off', businessId);
        return reversalEntry({ ...fact, businessId }, 'write-off', written!.postings);
      }
      case 'book-commission':
        return settlementEntry(fact, receivable, bank, { paidPaisa: 0n, commissionPaisa: amountPaisa });
      case 'pay-back':
        return settlementBackEntry(fact, receivable, bank, amountPaisa);
      case 'move-vat':
        if (vatBank === null || vatBank === bank) throw refusal('break-action-unfit');
        return vatTransferEntry(fact, bank, vatBank, amountPaisa);
      default:
        return undefined;
    }
  }

  /** The break's row, its case, the approval and the trail, in the transaction of what was booked. */
  private async conclude(tx: Tx, going: Going, payment: FoundPayment | null): Promise<void> {
    const { asked, amountPaisa, approvalId, by } = going;
    const { key, breakId, action, reason } = asked;
    const at = this.now();
    const broken = (await lockBreak(tx, breakId))!;
    const to: BreakState = action === 'claim' ? 'CLAIMED' : 'SETTLED';
    // A comparison may have found our vend before this did: then the break has healed, by it.
    const healed = broken.state === 'HEALED' && payment !== null;
    if (!healed && (broken.state === 'HEALED' || !mayMove(broken.state, to))) throw refusal('break-settled');
    if (!healed && (sumOf(broken) !== sumOf(going.broken) || broken.bucket !== going.broken.bucket)) {
      throw refusal('break-changed');
    }
    await insertAction(tx, {
      ...{ key, breakId, action, amountPaisa, rechargeId: payment?.rechargeId ?? null, approvalId, reason, by, at },
    });
    // What has a key of its own no comparison sees as healed: the next one judges it as settled.
    if (!healed || broken.bucket !== 'theirs-only') await changeBreak(tx, breakId, { state: to }, at);
    if (approvalId) await useApproval(tx, approvalId, `break:${breakId}`, at);
    const done = `${nameOf(broken)}: ${BREAK_ACTIONS[action].en}, Tk ${formatTaka(amountPaisa)}.`;
    await concludeCase(tx, broken, done, by, at);
    await recordAudit(tx, {
      ...{ actor: by, action: 'break-acted', subject: `break:${breakId}`, at },
      detail: { action, provider: broken.provider, transaction: broken.trxId, amountTaka: formatTaka(amountPaisa) },
    });
    const again = await importsToLookAgain(tx, broken.provider, broken.day);
    await leaveToWorkerAgain(tx, 'statement-import', again, new Date(at));
  }
}

/**
 * A payment that was never vended has the provider's own key, so that its late call finds it. A difference, or what was
 * paid twice, is money beside that payment, with a key that no provider can use, and another one each time.
 */
function moneyOf(broken: Break, by: SettlementProvider, earlier: readonly DoneAction[]) {
  const { bucket, provider, trxId, place } = broken;
  const amountPaisa = sumOf(broken);
  if (bucket === 'theirs-only') return { source: sourceOf(by), sourceRef: trxId, amountPaisa };
  const round = earlier.filter(({ action }) => action === 'vend' || action === 'refund').length;
  const source = `${by.prepaid ? 'vendor-break' : 'settlement'}:${provider}`;
  // Under one id there may be a difference, and money that came after all for what only we had.
  const beside = `${place === 0 && bucket !== 'ours-only' ? '' : `#${place}`}${round === 0 ? '' : `!${round}`}`;
  return { source, sourceRef: refBeside(trxId, beside), amountPaisa };
}

/** A key has 64 characters: of an id that leaves no room for what is beside it, the beginning stands with a hash of the whole. */
function refBeside(trxId: string, beside: string): string {
  if (beside === '' || trxId.length <= 58 - (beside.includes('!') ? 3 : 0)) return `${trxId}${beside}`;
  const hash = createHash('sha256').update(trxId).digest('hex');
  return `${trxId.slice(0, 22)}~${hash.slice(0, 32)}${beside}`;
}

/** Where a provider's money is: what it owes us, or what it has paid in before. */
function fundsOf({ code, prepaid }: SettlementProvider): AccountOf<'receivable' | 'float'> {
  return prepaid ? `float:${code}` : `receivable:${code}`;
}

/** The last write-off that nobody has taken back. */
function standingWriteOff(earlier: readonly DoneAction[]): DoneAction {
  const standing: DoneAction[] = [];
  for (const done of earlier) {
    if (done.action === 'write-off') standing.push(done);
    if (done.action === 'take-back') standing.pop();
  }
  const last = standing.at(-1);
  if (!last) throw refusal('break-action-unfit');
  return last;
}

function refusal(code: SettlementErrorCode): DomainError<SettlementErrorCode> {
  return new DomainError<SettlementErrorCode>(code);
}
