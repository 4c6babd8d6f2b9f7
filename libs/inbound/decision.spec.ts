/* Proves by a table that an answer depends on the question and on what answers to the phone alone, and that a phone is answered no more often than it may be. */
import fc from 'fast-check';
import { newId } from '@vend/kernel';
import { decide } from './decision';
import { DAY_NEUTRAL_MAX, HOUR_ANSWERS_MAX, nextTurn } from './limits';
import { readQuestion } from './question';
import type { AskerTurns, PhoneHolder, PhoneMeter } from './store/phones';

const meter = (meterNo: string, customerNo: string): PhoneMeter => ({
  ...{ meterId: newId(), meterNo, drn: meterNo.slice(6, 17), customerNo, customerId: newId(), language: 'bn' },
});
const ONE = meter('600727970000000017', '40000001');
const OTHER = meter('600727970000000025', 'AB-12/3');
const customers = [{ customerId: newId(), customerNo: '40000001', language: 'bn' }] as const;
const NOBODY: PhoneHolder = { customers: [], meters: [] };
const SINGLE: PhoneHolder = { customers, meters: [ONE] };
const DOUBLE: PhoneHolder = { customers, meters: [ONE, OTHER] };
/** Gets copies of receipts of somebody else's meter. */
const TENANT: PhoneHolder = { customers: [], meters: [ONE] };

it.each<[string, PhoneHolder, object]>([
  ['BAL', SINGLE, { kind: 'meter', word: 'BAL', meter: ONE }],
  ['TOK 40000001', SINGLE, { kind: 'meter', word: 'TOK', meter: ONE }],
  ['USE 600727970000000017', SINGLE, { kind: 'meter', word: 'USE', meter: ONE }],
  ['BAL 97000000001', SINGLE, { kind: 'meter', meter: ONE }],
  ['BAL', DOUBLE, { kind: 'which', word: 'BAL' }],
  ['BAL ab 12 3', DOUBLE, { kind: 'meter', meter: OTHER }],
  ['BAL', TENANT, { kind: 'meter', meter: ONE }],
  ['STOP', TENANT, { kind: 'help' }],
  ['STOP', DOUBLE, { kind: 'choice', wanted: false }],
  ['চালু', SINGLE, { kind: 'choice', wanted: true }],
  ['HELP', SINGLE, { kind: 'help' }],
  ['hello', SINGLE, { kind: 'help' }],
  ['TOK 1234-5678-9012-3456-7890', SINGLE, { kind: 'silent', why: 'no-question' }],
])('%j is answered as it should be', (text, holder, expected) => {
  expect(decide(readQuestion(text), holder)).toMatchObject(expected);
});

it('says the same to a stranger whatever is asked, and to a customer about what is not theirs', () => {
  const texts = ['BAL', 'TOK 40000001', 'USE 99', 'HELP', 'STOP', 'hello'];
  for (const text of texts) expect(decide(readQuestion(text), NOBODY)).toEqual({ kind: 'neutral' });
  for (const text of ['TOK AB-12/3', 'TOK 99999999', 'BAL 0']) {
    expect(decide(readQuestion(text), SINGLE)).toEqual({ kind: 'neutral' });
  }
});

it('answers a phone so often in an hour, and a stranger so often in a day', () => {
  const steps = fc.array(
    fc.record({ waitMs: fc.integer({ min: 0, max: 1_500_000 }), answer: fc.constantFrom('full', 'neutral') }),
    { maxLength: 200 },
  );
  fc.assert(
    fc.property(steps, (all) => {
      const begin = new Date(0);
      let turns: AskerTurns = { hourFrom: begin, hourAnswers: 0, dayFrom: begin, dayNeutral: 0 };
      const given: { at: number; answer: string }[] = [];
      let at = 0;
      for (const { waitMs, answer } of all) {
        at += waitMs;
        const next = nextTurn(turns, answer, new Date(at));
        if (!next) continue;
        turns = next;
        given.push({ at, answer });
      }
      // Windows are fixed ones, so that any stretch of an hour overlaps two.
      for (const { at: from } of given) {
        const hour = given.filter((each) => each.at >= from && each.at < from + 3_600_000);
        const day = given.filter(
          ({ at: when, answer }) => answer === 'neutral' && when >= from && when < from + 86_400_000,
        );
        expect(hour.length).toBeLessThanOrEqual(2 * HOUR_ANSWERS_MAX);
        expect(day.length).toBeLessThanOrEqual(2 * DAY_NEUTRAL_MAX);
      }
    }),
  );
  const full: AskerTurns = {
    ...{ hourFrom: new Date(0), hourAnswers: HOUR_ANSWERS_MAX },
    dayFrom: new Date(0),
    dayNeutral: 0,
  };
  expect(nextTurn(full, 'full', new Date(3_599_999))).toBeNull();
  expect(nextTurn(full, 'full', new Date(3_600_000))).toMatchObject({ hourAnswers: 1 });
});
