/* Proves that a foreign reason becomes a code of ours that can hold neither a token nor a phone number, by construction over arbitrary text. */
import fc from 'fast-check';
import { parseLoadEvent } from './load-event';
import { reasonOf } from './meter-link';

it.each([
  ['Meter OFF!', 'meter-off'],
  ['meter_unreachable', 'meter-unreachable'],
  ['', 'unexplained'],
  [undefined, 'unexplained'],
  ['১২৩', 'unexplained'],
  ['token 12345678901234567890 refused', 'token-refused'],
])('%p becomes %p', (said, code) => expect(reasonOf(said)).toBe(code));

it('never holds five digits in a row, is never long, never empty', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[a-z 0-9-]{0,80}$/)), (said) => {
      const code = reasonOf(said);
      expect(code).toMatch(/^[a-z0-9-]{1,40}$/);
      expect(code).not.toMatch(/\d{5}/);
    }),
  );
});

const EVENT = {
  type: 'meter-link.result',
  eventId: 'E-1',
  loadId: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42',
  round: 1,
  state: 'failed',
  reason: 'Meter off',
  at: '2026-11-21T10:00:00+06:00',
};
const bytes = (body: unknown) => Buffer.from(JSON.stringify(body));

it('reads an event', () => {
  expect(parseLoadEvent(bytes(EVENT))).toEqual({
    eventId: 'E-1',
    loadId: EVENT.loadId,
    round: 1,
    word: 'failed',
    reason: 'meter-off',
  });
});

it.each([
  ['body', Buffer.from('{')],
  ['type', bytes({ ...EVENT, type: 'meter-link.load' })],
  ['loadId', bytes({ ...EVENT, loadId: 'x' })],
  ['round', bytes({ ...EVENT, round: 0 })],
  ['state', bytes({ ...EVENT, state: 'working' })],
  ['body', bytes({ ...EVENT, token: '12345678901234567890' })],
])('refuses one whose %s is wrong, and repeats no value', (field, body) => {
  expect(() => parseLoadEvent(body)).toThrow(
    expect.objectContaining({ code: 'event-malformed', facts: { field } }) as Error,
  );
});
