// Proves that the storm's reconciliation names every break that nobody expected, has no case, or was not found.
import { batchDifferences, bentIds, linesOf, unexplained, type OpenBreak } from './reconcile';

const HEAD =
  'provider,provider_trx_id,biller_ref,our_order_no,amount,provider_fee,net,trx_time,status,settlement_batch';
const row = (id: string, net = '492.50', batch = 'B-1') =>
  `demo-form,${id},6100,,500.00,7.50,${net},2026-11-22T09:00:00.000+06:00,PAID,${batch}`;
const file = (...rows: string[]) => linesOf([HEAD, ...rows, ''].join('\r\n'));
const HONEST = file(row('A1'), row('A2'), row('A3', '-100.00', 'B-2'));

it('reads a statement, and what it says otherwise than another', () => {
  expect(HONEST.map(({ trxId, batch, netPaisa }) => [trxId, batch, netPaisa])).toEqual([
    ['A1', 'B-1', 49_250n],
    ['A2', 'B-1', 49_250n],
    ['A3', 'B-2', -10_000n],
  ]);
  expect(bentIds(HONEST, HONEST)).toEqual([]);
  const bent = file(row('A1', '493.50'), row('A2'), row('A2'), row('X1'));
  expect(bentIds(HONEST, bent)).toEqual(['A1', 'A2', 'A3', 'X1']);
});

it('says which batches brought something else than their lines say', () => {
  expect(batchDifferences(HONEST, new Map([['B-1', 98_500n]]))).toEqual(new Map([['batch:B-2', -10_000n]]));
  expect(batchDifferences(HONEST.slice(0, 2), new Map([['B-1', 98_500n]]))).toEqual(new Map());
});

const broken = (trxId: string, over: Partial<OpenBreak> = {}): OpenBreak => ({
  ...{ provider: 'demo-form', trxId, bucket: 'theirs-only', oursPaisa: 0n, theirsPaisa: 50_000n, caseIsOpen: true },
  ...over,
});
const EXPECTED = new Map([['demo-form', new Set(['A1', 'A2'])]]);

it('has nothing to say when exactly what was expected is broken', () => {
  expect(unexplained([broken('A1'), broken('A2')], EXPECTED)).toEqual([]);
  expect(unexplained([], new Map())).toEqual([]);
});

it.each<[what: string, found: readonly OpenBreak[], named: string]>([
  ['a break that nobody expected', [broken('A1'), broken('A2'), broken('A9')], 'A9'],
  ['one at another company', [broken('A1'), broken('A2'), broken('A1', { provider: 'demo-json' })], 'demo-json'],
  ['one without an open case', [broken('A1'), broken('A2', { caseIsOpen: false })], 'A2'],
  ['a bent line that was not found', [broken('A1')], 'A2'],
])('names %s', (_what, found, named) => {
  const sentences = unexplained(found, EXPECTED);
  expect(sentences).toHaveLength(1);
  expect(sentences[0]).toContain(named);
});
