/** What tests of a counter do again and again over HTTP: take a fresh meter, ask, have a second person agree, type. */
import { newId } from '@vend/kernel';
import { GrpcKeySetIssuer } from '@vend/issuer';
import { Campaigns } from '@vend/meters';
import type { StsMeter } from '@vend/sts';
import type { Answer, ApiWorld } from './api';
import { meterNo as numberOf } from '../builders/meters';
import { GROUP_OF, newFactoryMeter } from './api-token-server';

type Crediting = 'currency' | 'energy';

/** A sample customer's meter as the books have it, and the thing on the wall. */
export interface CounterMeter {
  readonly meterNo: string;
  readonly customerNo: string;
  readonly ea: '07' | '11';
  readonly meter: StsMeter;
}

interface Card extends Omit<CounterMeter, 'meter'> {
  readonly crediting: Crediting;
  readonly phase: number;
}

/** What a nameplate and a key card say. */
interface Nameplate {
  readonly meterNo: string;
  readonly ea: '07' | '11';
  readonly model?: string;
}

let campaigns = 0;
let serial = 640_000;

/** A new meter of the tests' kind, as a request names it. */
export function nameplate(crediting: Crediting, more: Partial<Nameplate> = {}) {
  const { ea = '07', meterNo = numberOf(serial++).pan } = more;
  const key = { sgc: GROUP_OF[ea], krn: 1, ti: '01', kt: 2, ken: 255, baseDate: 2014 } as const;
  return { ...more, meterNo, owner: 'utility', crediting, ea, ...key } as const;
}

/** The counter of an api's world, with sample meters (LT-A) that nobody else has touched. */
export class Counter {
  private used = 0;

  private constructor(
    private readonly world: ApiWorld,
    readonly cards: readonly Card[],
    private readonly meters: ReadonlyMap<string, StsMeter>,
  ) {}

  static async of(world: ApiWorld): Promise<Counter> {
    const cards = await world.fresh.admin.read<Card & Record<string, unknown>>(
      `SELECT m.pan AS meterNo, m.crediting, m.ea, n.phase, c.customer_no AS customerNo FROM meters m
       JOIN connections n ON n.id = m.connection_id JOIN customers c ON c.id = n.customer_id
       WHERE n.tariff_class = 'LT-A' ORDER BY m.pan`,
    );
    return new Counter(world, cards, world.virtualMeters());
  }

  /** A meter that no other test has touched. @throws {Error} when there is none left */
  take(crediting: Crediting, { phase = 1, ea }: { phase?: 1 | 3; ea?: '07' | '11' } = {}): CounterMeter {
    for (; this.used < this.cards.length; this.used++) {
      const card = this.cards[this.used]!;
      const meter = this.meters.get(card.meterNo);
      if (!meter || card.crediting !== crediting || card.phase !== phase || (ea ?? card.ea) !== card.ea) continue;
      this.used += 1;
      return { meterNo: card.meterNo, customerNo: card.customerNo, ea: card.ea, meter };
    }
    throw new Error('too few sample meters');
  }

  /** A new customer of the stations' own office, with a new meter that a supervisor installs. */
  async install(crediting: Crediting, more: Partial<Nameplate> = {}): Promise<CounterMeter> {
    const plate = nameplate(crediting, more);
    const customerNo = `CNTR${plate.meterNo.slice(-8, -2)}`;
    const customer = { name: 'Rahima Khatun', mobile: '01712345678', address: 'Road 1', office: 'Rajshahi' } as const;
    const supply = { language: 'en', tariffClass: 'LT-A', phases: '1', sanctionedKw: '2' } as const;
    const request = { ...plate, customerNo, ...customer, ...supply, reason: 'new supply' };
    const answer = await this.post('supervisor', '/v1/meters', request);
    if (answer.status !== 201) throw new Error(`not installed: HTTP ${answer.status} ${answer.text}`);
    return { meterNo: plate.meterNo, customerNo, ea: plate.ea, meter: newFactoryMeter(plate.meterNo, plate.ea) };
  }

  post(who: string, url: string, body: object, key: string = newId()): Promise<Answer> {
    return this.world.as(who, 'POST', url, body, { 'idempotency-key': key });
  }

  /** The same request under the same key, so often at once. */
  atOnce(who: string, url: string, body: object, key: string, times = 20): Promise<Answer[]> {
    return Promise.all(Array.from({ length: times }, () => this.post(who, url, body, key)));
  }

  /** Asks for what needs a second person, who agrees. @returns the key to ask again with */
  async allowed(
    url: string,
    body: object,
    { by = 'clerk', second = 'supervisor', key = newId() } = {},
  ): Promise<string> {
    const asked = await this.post(by, url, body, key);
    const id = asked.body?.approval?.id as string;
    const agreed = asked.status === 202 ? await this.post(second, `/v1/approvals/${id}/approve`, {}) : asked;
    if (agreed.status !== 200) throw new Error(`nobody agreed: HTTP ${agreed.status} ${agreed.text}`);
    return key;
  }

  /** Asks as a clerk, lets another station's supervisor agree, and asks again. */
  async agreed(url: string, body: object, key: string = newId()): Promise<Answer> {
    return this.post('clerk', url, body, await this.allowed(url, body, { key }));
  }

  /** Sells by a quote. @throws {Error} when it was not sold */
  async sold(meterNo: string, amount = '3000.00', who = 'clerk'): Promise<Answer> {
    const quote = await this.world.as(who, 'POST', '/v1/quotes', { meterNo, amount });
    const answer = await this.post(who, '/v1/recharges', { quoteId: quote.body.quoteId });
    if (answer.status !== 201) throw new Error(`not sold: HTTP ${answer.status} ${answer.text}`);
    return answer;
  }

  /** A key revision (KRN 1 to 2), made by the key officer, waits for these meters' next vends; all of one algorithm. */
  async keyChangeFor(...meters: readonly CounterMeter[]): Promise<void> {
    const campaign = new Campaigns(this.world.fresh.database);
    const issuer = new GrpcKeySetIssuer(this.world.keyOfficer);
    const sgc = GROUP_OF[meters[0]!.ea];
    const name = `counter-${++campaigns}`;
    const order = { name, kind: 'key-revision', ti: null, office: null, listHash: 'ab'.repeat(32) } as const;
    try {
      const between = { from: { sgc, krn: 1 }, to: { sgc, krn: 2 } };
      const list = (async function* () {
        yield meters.map(({ meterNo }) => meterNo);
      })();
      await campaign.create({ ...order, ...between }, await issuer.vendingKeys(), 'officer:anwar', list);
      const { made } = await campaign.make(name, issuer);
      if (made !== meters.length) throw new Error(`${made} sets for ${meters.length} meters`);
    } finally {
      issuer.close();
    }
  }
}

/** The tokens of an answer, as printed. */
export function digitsOf({ body }: Answer): string[] {
  return (body.tokens as { digits: string }[]).map(({ digits }) => digits);
}

/** What a meter says when somebody types an answer's tokens in the printed order. */
export function typed(meter: StsMeter, answer: Answer): string[] {
  return digitsOf(answer).map((each) => meter.enter(each, Date.now()).result);
}
