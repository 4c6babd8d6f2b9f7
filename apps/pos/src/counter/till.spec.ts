/* Proves the till's life cycle as a table, and by any run of events: what was sent stays in hand under its one id until the server has spoken of it. */
import fc from 'fast-check';
import type { Meter, Quote, Recharge } from '../shared/answers';
import { changeFor } from './cash';
import {
  firstStage,
  mayMove,
  maySendAgain,
  maySettle,
  move,
  SETTLED_MS,
  type Sale,
  type Stage,
  type StageName,
  type TillEvent,
} from './till';

const METER = { meterNo: '600727000000000009' } as Meter;
const QUOTE = { quoteId: 'q1.x', meterNo: METER.meterNo, amount: { value: '500.00' } } as Quote;
const RECHARGE = { rechargeId: 'r1' } as Recharge;
const sale = (key: string): Sale => ({
  key,
  quoteId: 'q1.x',
  meterNo: METER.meterNo,
  amount: '500.00',
  cash: '',
  station: 'NESCO-RAJ-01',
  clerk: 'rahima',
  sentAt: 0,
});

const EVENTS: Readonly<Record<TillEvent['is'], TillEvent>> = {
  found: { is: 'found', meters: [METER, METER] },
  chosen: { is: 'chosen', meter: METER },
  quoted: { is: 'quoted', quote: QUOTE },
  doubted: { is: 'doubted', cash: '' },
  sent: { is: 'sent', sale: sale('k1') },
  answered: { is: 'answered', recharge: RECHARGE },
  refused: { is: 'refused' },
  lost: { is: 'lost', sentAt: 12_000 },
  missing: { is: 'missing' },
  back: { is: 'back' },
  next: { is: 'next' },
  opened: { is: 'opened', recharge: RECHARGE },
};
const STAGES: Readonly<Record<StageName, Stage>> = {
  find: { at: 'find', choices: [] },
  amount: { at: 'amount', meter: METER },
  quote: { at: 'quote', meter: METER, quote: QUOTE },
  confirm: { at: 'confirm', meter: METER, quote: QUOTE, cash: '' },
  sending: { at: 'sending', sale: sale('k1'), meter: METER },
  checking: { at: 'checking', sale: sale('k1') },
  absent: { at: 'absent', sale: sale('k1') },
  sold: { at: 'sold', recharge: RECHARGE, cash: '' },
};
const names = Object.keys(STAGES) as StageName[];
const events = Object.keys(EVENTS) as TillEvent['is'][];

it.each<[StageName, string]>([
  ['find', 'found>find chosen>amount back>find next>find opened>sold'],
  ['amount', 'quoted>quote back>find next>find'],
  ['quote', 'doubted>confirm sent>sending back>amount next>find'],
  ['confirm', 'sent>sending back>quote next>find'],
  ['sending', 'answered>sold refused>amount lost>checking'],
  ['checking', 'answered>sold missing>absent'],
  ['absent', 'sent>sending answered>sold refused>find'],
  ['sold', 'answered>sold next>find'],
])('from %s: %s', (name, expected) => {
  const moves = events.filter((is) => mayMove(name, is)).map((is) => `${is}>${move(STAGES[name], EVENTS[is]).at}`);
  expect(moves).toEqual(expected.split(' '));
});

it.each(names)('is not moved from %s by what has no place there', (name) => {
  for (const is of events.filter((each) => !mayMove(name, each))) {
    expect(move(STAGES[name], EVENTS[is])).toBe(STAGES[name]);
  }
});

it('goes to the one meter that was found', () => {
  expect(move(STAGES.find, { is: 'found', meters: [METER] })).toEqual(STAGES.amount);
});

it('never lets go of an id without the server having spoken of it', () => {
  const anyEvents = fc.array(fc.constantFrom(...events), { maxLength: 40 });
  fc.assert(
    fc.property(anyEvents, fc.boolean(), (run, reloaded) => {
      let stage: Stage = reloaded ? firstStage(sale('k0')) : firstStage(undefined);
      let inHand = 'sale' in stage ? stage.sale.key : undefined;
      let n = 0;
      for (const is of run) {
        const event =
          is === 'sent' ? { is, sale: sale(stage.at === 'absent' ? stage.sale.key : `k${++n}`) } : EVENTS[is];
        const before = stage;
        stage = move(stage, event);
        const now = 'sale' in stage ? stage.sale.key : undefined;
        if (inHand !== undefined && now !== inHand) {
          expect([before.at, is]).toContainEqual(expect.stringMatching(/^(?:answered|refused)$/));
        }
        inHand = now;
      }
    }),
  );
});

it('takes no late price that was asked for the customer before', () => {
  const next: Stage = { at: 'amount', meter: { meterNo: '600727000000000017' } as Meter };
  expect(move(next, { is: 'quoted', quote: QUOTE })).toBe(next);
});

it('begins with what was in hand', () => {
  expect(firstStage(sale('k9'))).toEqual({ at: 'checking', sale: sale('k9') });
});

it('shows a copy of what is open, and no late one of something else', () => {
  const copy = { rechargeId: 'r1', copy: true } as Recharge;
  expect(move(STAGES.sold, { is: 'answered', recharge: copy })).toEqual({ ...STAGES.sold, recharge: copy });
  const other = { rechargeId: 'r2', copy: true } as Recharge;
  expect(move(STAGES.sold, { is: 'answered', recharge: other })).toBe(STAGES.sold);
});

it.each([
  ['NESCO-RAJ-01', 'rahima', true],
  ['NESCO-RAJ-01', 'karim', false],
  ['NESCO-RAJ-02', 'rahima', false],
])('%s, %s may send it again: %s', (station, username, may) => {
  expect(maySendAgain(sale('k1'), { station, username })).toBe(may);
});

it('drops an id only when no call under it can still arrive', () => {
  expect(maySettle(sale('k1'), SETTLED_MS - 1)).toBe(false);
  expect(maySettle(sale('k1'), SETTLED_MS)).toBe(true);
});

it('counts that from the last call that left', () => {
  const stage = move(STAGES.sending, { is: 'lost', sentAt: 20_000 });
  expect(stage).toEqual({ at: 'checking', sale: { ...sale('k1'), sentAt: 20_000 } });
  expect(maySettle((stage as Extract<Stage, { at: 'checking' }>).sale, SETTLED_MS)).toBe(false);
});

it.each([
  ['1000', '873.50', '126.50'],
  ['', '873.50', '0.00'],
  ['873.5', '873.50', '0.00'],
  ['873.49', '873.50', undefined],
  ['9999999.99', '0.01', '9999999.98'],
  ['abc', '5.00', undefined],
  ['1e3', '5.00', undefined],
])('of %s for %s gives back %s', (cash, amount, back) => {
  expect(changeFor(cash, amount)).toBe(back);
});
