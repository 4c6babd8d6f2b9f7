/** The office in the storm: of what is owed some is paid back by one person when a second agrees, the rest waits. */
import { caseNumber } from '@vend/cases';
import { idFromBytes, newId, type Id } from '@vend/kernel';
import { chance } from '../../apps/sandbox/providers/provider-faults';
import { call, Clerk, type HttpAnswer } from '../support/callers';
import type { System } from '../support/system';

/** How a payment is paid back; waits: its payer has not come yet. */
type Way = 'provider' | 'cash' | 'waits';

/** What was seen at the office's desk. */
export interface OfficeCount {
  /** Payments that two people have paid back, or asked a gateway to, by way. */
  readonly provider: number;
  readonly cash: number;
}

interface Owed {
  readonly rechargeId: Id;
  readonly company: string;
  readonly trxId: string;
  readonly caseNo: string;
  /** Its gateway is asked by the worker; nobody telephones. */
  readonly isOrder: boolean;
  /** Its contract has no refunds. */
  readonly isNagad: boolean;
}

interface OwedRow extends Record<string, unknown> {
  readonly id: Buffer;
  readonly company: string;
  readonly trxId: string;
  readonly year: number;
  readonly serial: number;
  readonly orders: number;
  readonly profile: string;
}

const AT_ONCE = 200;
/** An api that is being started answers nobody, or this. */
const PASSES = [429, 500, 502, 503, 504];

/** Two people with sessions of their own. */
export class Office {
  /** What must not be answered. */
  readonly wrong: string[] = [];
  private readonly done: Record<'provider' | 'cash', number> = { provider: 0, cash: 0 };
  /** By payment, the key of its refund; null: nothing is left to do. */
  private readonly keys = new Map<Id, Id | null>();

  private constructor(
    private readonly system: System,
    private readonly seed: number,
    private readonly asks: Clerk,
    private readonly agrees: Clerk,
  ) {}

  /** A supervisor asks, and accounts agree. */
  static async open(system: System, seed: number): Promise<Office> {
    const of = (role: string) =>
      Clerk.login(
        system.apiUrl,
        system.logins.find((login) => login.role === role)!,
      );
    return new Office(system, seed, await of('supervisor'), await of('accounts'));
  }

  get count(): OfficeCount {
    return this.done;
  }

  /** Goes once through what is owed. @returns how much of it there was; 0: nothing is left to do */
  async work(): Promise<number> {
    // The database may be the part that is away.
    const all = await this.owed().catch(() => undefined);
    for (const owed of all ?? []) {
      const key = this.keys.get(owed.rechargeId) ?? newId();
      this.keys.set(owed.rechargeId, key);
      if (await this.payBack(owed, key).catch(() => false)) this.keys.set(owed.rechargeId, null);
    }
    return all?.length ?? 1;
  }

  /** @returns false: nobody answered, and the same must be said again */
  private async payBack(owed: Owed, key: Id): Promise<boolean> {
    const way = this.wayOf(owed);
    if (way === 'waits') return true;
    // Whoever is asked by telephone gives it back first, and says its number.
    if (way === 'provider' && !owed.isOrder) await this.askCompany(owed);
    const refund = { from: way, reference: `RV-${owed.trxId}`, reason: 'the payer has asked for it' };
    const ask = () => this.asks.post(`/v1/cases/${owed.caseNo}/refund`, refund, { 'idempotency-key': key });
    const first = await ask();
    const approvalId = first.status === 202 ? (first.body.approval.id as string) : undefined;
    if (approvalId !== undefined) {
      const agreed = await this.agrees.post(`/v1/approvals/${approvalId}/approve`, {});
      if (agreed.status !== 200) return this.ended(agreed, owed);
    }
    const last = approvalId === undefined ? first : await ask();
    if (last.status === 200) this.done[way] += 1;
    return this.ended(last, owed);
  }

  private wayOf({ trxId, isNagad }: Owed): Way {
    const lot = chance(`${this.seed}/refund/${trxId}`);
    if (lot >= 0.7) return 'waits';
    return lot < 0.4 && !isNagad ? 'provider' : 'cash';
  }

  private async askCompany({ company, trxId }: Owed): Promise<void> {
    const { status, text } = await call(`${this.system.sandboxUrl}/providers/${company}/payments/${trxId}/reversal`);
    if (status !== 200) throw new Error(`reversal of ${company} ${trxId}: HTTP ${status} ${text}`);
  }

  private ended({ status, text }: HttpAnswer, { company, trxId, caseNo }: Owed): boolean {
    if (PASSES.includes(status)) return false;
    if (status !== 200)
      this.wrong.push(`refund of ${company} ${trxId}, ${caseNo}: HTTP ${status} ${text.slice(0, 200)}`);
    return true;
  }

  private async owed(): Promise<Owed[]> {
    const rows = await this.system.admin.read<OwedRow>(
      `SELECT r.id, SUBSTRING_INDEX(r.source, ':', -1) AS company, r.source_ref AS trxId, MIN(c.opened_year) AS year,
        MIN(c.serial) AS serial, (SELECT COUNT(*) FROM checkout_orders o WHERE o.recharge_id = r.id) AS orders, p.profile
       FROM recharges r JOIN cases c ON c.recharge_id = r.id AND c.state <> 'CLOSED'
       JOIN payment_providers p ON p.code = SUBSTRING_INDEX(r.source, ':', -1)
       WHERE r.state = 'REFUND_DUE' GROUP BY r.id`,
    );
    return rows
      .map(({ id, company, trxId, year, serial, orders, profile }) => ({
        ...{ rechargeId: idFromBytes(id), company, trxId, caseNo: caseNumber({ year, serial }) },
        ...{ isOrder: Number(orders) > 0, isNagad: profile === 'nagad-checkout-v1' },
      }))
      .filter(({ rechargeId }) => this.keys.get(rechargeId) !== null)
      .slice(0, AT_ONCE);
  }
}
