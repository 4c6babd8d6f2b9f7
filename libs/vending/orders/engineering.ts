import { DomainError } from '@vend/kernel';
import {
  loadMeterModels,
  takesAmount,
  takesService,
  type MeterModel,
  type MeterService,
  type VendingMeter,
} from '@vend/meters';
import type { VendingErrorCode } from '../vending.errors';
import type { Order, OrderFacts, OrderPlan, TokenWish } from './order';

/** What a meter can be asked to show or test: the number of its control bit (STS.md 4). */
export const METER_TESTS = {
  'load-switch': 1,
  display: 2,
  registers: 3,
  'key-revision': 4,
  'tariff-index': 5,
  'token-reader': 6,
  'power-limit': 7,
  tamper: 8,
  'power-now': 9,
  'software-version': 10,
  'phase-unbalance-limit': 11,
  'tariff-rate': 13,
} as const;
export type MeterTest = keyof typeof METER_TESTS;

/** What the counter asks of a meter. */
export type EngineeringAsk =
  | { readonly what: 'clear-tamper' }
  /** The register that its kind of meter counts in, or every one. */
  | { readonly what: 'clear-credit'; readonly registers: 'own' | 'all' }
  /** null: the sanctioned load. */
  | { readonly what: 'max-power-limit'; readonly watts: bigint | null }
  | { readonly what: 'phase-unbalance-limit'; readonly watts: bigint }
  | { readonly what: 'test-display'; readonly tests: readonly MeterTest[] | 'all' };

const OWN_REGISTER = { energy: 0n, currency: 4n } as const;
const ALL_REGISTERS = 65_535n;
const SERVICES: Readonly<Record<EngineeringAsk['what'], MeterService>> = {
  'clear-tamper': 'clear-tamper',
  'clear-credit': 'clear-credit',
  'max-power-limit': 'power-limit',
  'phase-unbalance-limit': 'phase-unbalance',
  'test-display': 'meter-test',
};
/** The largest limit that a token can carry, in watts (STS.md 3.1). */
const WATTS_MAX = 18_201_624n;

/**
 * Engineering tokens at the counter (IEC 62055-41 class 2: clear tamper, clear credit, power limit, phase unbalance;
 * class 1: tests and displays). No money moves.
 *
 * @throws {DomainError<VendingErrorCode>} when it is planned: limit-out-of-range; meter-single-phase;
 *   meter-service-missing (the meter's model does not take it)
 * @example await orders.run(engineeringOrder({ …by, meterId }, { what: 'clear-tamper' }, 'seal found broken'))
 */
export function engineeringOrder(
  by: Pick<Order, 'source' | 'sourceRef' | 'channel' | 'actor' | 'meterId' | 'alongside'>,
  ask: EngineeringAsk,
  reason: string,
): Order<MeterModel | undefined> {
  return {
    ...by,
    kind: 'engineering',
    asked: { ...contentOf(ask), reason },
    read: async (tx) => (await loadMeterModels(tx, [by.meterId])).get(by.meterId),
    plan: (facts) => plan(ask, reason, facts),
  };
}

function contentOf(ask: EngineeringAsk): Record<string, string | null> {
  switch (ask.what) {
    case 'clear-tamper':
      return { what: ask.what };
    case 'clear-credit':
      return { what: ask.what, registers: ask.registers };
    case 'max-power-limit':
    case 'phase-unbalance-limit':
      return { what: ask.what, watts: ask.watts?.toString() ?? null };
    case 'test-display':
      return { what: ask.what, tests: ask.tests === 'all' ? 'all' : [...ask.tests].sort().join(' ') };
  }
}

function plan(
  ask: EngineeringAsk,
  reason: string,
  { meter, extra: model }: OrderFacts<MeterModel | undefined>,
): OrderPlan {
  const { wish, detail } = wishOf(ask, meter);
  const powerW = wish.kind === 'max-power-limit' ? wish.value : undefined;
  if (!takesService(model, SERVICES[ask.what]) || !takesAmount(model, { powerW })) {
    throw new DomainError<VendingErrorCode>('meter-service-missing', { service: SERVICES[ask.what] });
  }
  return { tokens: [wish], detail: { what: ask.what, reason, ...detail } };
}

function wishOf(
  ask: EngineeringAsk,
  meter: VendingMeter,
): { wish: TokenWish; detail: Record<string, string | number> } {
  switch (ask.what) {
    case 'clear-tamper':
      return { wish: { kind: 'clear-tamper', value: 0n }, detail: {} };
    case 'clear-credit': {
      const value = ask.registers === 'all' ? ALL_REGISTERS : OWN_REGISTER[meter.crediting];
      return { wish: { kind: 'clear-credit', value }, detail: { register: Number(value) } };
    }
    case 'max-power-limit': {
      const value = watts(ask.watts ?? meter.sanctionedW);
      return { wish: { kind: 'max-power-limit', value }, detail: { watts: Number(value) } };
    }
    case 'phase-unbalance-limit': {
      if (meter.phase === 1) throw new DomainError<VendingErrorCode>('meter-single-phase');
      const value = watts(ask.watts);
      return { wish: { kind: 'phase-unbalance-limit', value }, detail: { watts: Number(value) } };
    }
    case 'test-display':
      return { wish: testWish(ask.tests, meter), detail: { tests: ask.tests === 'all' ? 'all' : ask.tests.join(' ') } };
  }
}

function watts(value: bigint): bigint {
  if (value <= 0n || value > WATTS_MAX) throw new DomainError<VendingErrorCode>('limit-out-of-range');
  return value;
}

/** For any manufacturer (code 0), in the form of the meter's own number: of two digits, or of four. */
function testWish(tests: readonly MeterTest[] | 'all', { drn }: VendingMeter): TokenWish {
  const subclass = drn.length === 13 ? 1 : 0;
  const bits = subclass === 1 ? 28n : 36n;
  const all = (1n << bits) - 1n;
  const some = tests === 'all' ? all : tests.reduce((sum, name) => sum | (1n << BigInt(METER_TESTS[name] - 1)), 0n);
  return { kind: 'test-display', subclass, manufacturer: 0, control: some };
}
