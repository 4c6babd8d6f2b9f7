/* Proves what a limit lets pass: property tests over random limits and sales against a slow and plain reckoning. */
import fc from 'fast-check';
import { isDomainError } from '@vend/kernel';
import { CHANNELS } from '../recharge';
import { isPersonsAct, LimitGuard, type LimitedSale, type VendLimit } from './limits';

const NOTHING = { meter: () => 0n, person: () => 0n };
const limits = fc.array(
  fc.oneof(
    fc.record({
      scope: fc.constantFrom('transaction' as const, 'meter-day' as const),
      channel: fc.constantFrom(null, ...CHANNELS),
      limitPaisa: fc.bigInt(1n, 1_000n),
    }),
    fc.record({
      scope: fc.constant('person-day' as const),
      channel: fc.constant(null),
      limitPaisa: fc.bigInt(1n, 1_000n),
    }),
  ),
  { maxLength: 4 },
);
const sales = fc.array(
  fc.record({
    meterId: fc.constantFrom('meter-a', 'meter-b'),
    channel: fc.constantFrom(...CHANNELS),
    actor: fc.constantFrom('user:rahima', 'user:karim', 'partner:demo'),
    grossPaisa: fc.bigInt(1n, 400n),
  }),
  { maxLength: 20 },
);

/** Which sales of all that passed this limit is about, with one more. */
function within(limit: VendLimit, passed: readonly LimitedSale[], sale: LimitedSale): boolean {
  const total = (some: readonly LimitedSale[]) => some.reduce((sum, one) => sum + one.grossPaisa, 0n);
  const fits = (one: LimitedSale) => limit.channel === null || one.channel === limit.channel;
  if (!fits(sale)) return true;
  if (limit.scope === 'transaction') return sale.grossPaisa <= limit.limitPaisa;
  if (limit.scope === 'meter-day') {
    return total([...passed.filter((one) => one.meterId === sale.meterId && fits(one)), sale]) <= limit.limitPaisa;
  }
  if (!isPersonsAct(sale)) return true;
  const own = passed.filter((one) => isPersonsAct(one) && one.actor === sale.actor);
  return total([...own, sale]) <= limit.limitPaisa;
}

it('lets a sale pass when and only when every limit has room for it', () => {
  fc.assert(
    fc.property(limits, sales, (some, wanted) => {
      const guard = new LimitGuard(some, NOTHING);
      const passed: LimitedSale[] = [];
      for (const sale of wanted) {
        let refused = false;
        try {
          guard.check(sale);
        } catch (error) {
          if (!isDomainError(error)) throw error;
          refused = true;
        }
        expect(refused).toBe(!some.every((limit) => within(limit, passed, sale)));
        if (refused) continue;
        guard.sold(sale);
        passed.push(sale);
      }
    }),
  );
});

it('says which limit it is and what is left of it', () => {
  const limit = { scope: 'meter-day', channel: 'counter', limitPaisa: 500_000n } as const;
  const guard = new LimitGuard([limit], { ...NOTHING, meter: () => 420_000n });
  const sale = { meterId: 'm', channel: 'counter', actor: 'user:rahima', grossPaisa: 80_001n } as const;
  const facts = { limit: 'meter-day', channel: 'counter', limitTaka: '5000.00', leftTaka: '800.00' };
  expect(() => guard.check(sale)).toThrow(expect.objectContaining({ code: 'limit-exceeded', facts }) as Error);
  expect(() => guard.check({ ...sale, grossPaisa: 80_000n })).not.toThrow();
});
