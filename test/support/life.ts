/** The life of meters on a vending bench: its services with the bench's clock, and invented meters to put on walls. */
import { newId, type Id } from '@vend/kernel';
import {
  AccountClosing,
  CustomerChanges,
  Installations,
  LifeCards,
  Replacements,
  Supplies,
  type NewMeter,
  type Replaced,
} from '@vend/meters';
import { meterNo } from '../builders/meters';
import type { FreshDatabase } from './database';
import { VendingBench, type MeterDraft } from './vending';

const SGC = { '07': '123456', '11': '201457' } as const;

/** A meter of the tests' kind, as a command names it; `virtualMeter` of the same draft is the thing itself. */
export function newMeter({ serial, ea = '07', crediting = 'energy' }: MeterDraft): NewMeter {
  const keys = { ea, sgc: SGC[ea], krn: 1, ti: '01', kt: 2, ken: 255, baseDate: 2014 } as const;
  return { number: meterNo(serial), owner: 'utility', crediting, keys, model: null };
}

export class LifeBench extends VendingBench {
  readonly installations = new Installations(this.fresh.database, () => this.now);
  readonly replacements = new Replacements(this.fresh.database, this.ledger, () => this.now);
  readonly supplies = new Supplies(this.fresh.database, () => this.now);
  readonly closing = new AccountClosing(this.fresh.database, this.ledger, () => this.now);
  readonly changes = new CustomerChanges(this.fresh.database, () => this.now);
  readonly cards = new LifeCards(this.fresh.database, () => this.now);

  constructor(fresh: FreshDatabase) {
    super(fresh, { maxRunAheadMinutes: 600 });
  }

  /** Who does it and why, under a key of its own unless told. */
  doing(key: Id = newId()) {
    return { key, by: 'user:selim', reason: 'test' };
  }

  async replace(oldMeterId: Id, draft: MeterDraft, key: Id = newId()): Promise<Replaced> {
    const meter = newMeter(draft);
    const command = { ...this.doing(key), oldMeterId, meter, phase: null, oldReading: null };
    return (await this.replacements.replace(command)).result;
  }
}
