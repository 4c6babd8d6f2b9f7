/* Proves that what moves money goes out under one id until the server has spoken of it, that nothing else goes out before that, and that it survives a reload for its own person alone, by every kind of outcome and a storage in memory. */
import type { Problem } from '../../shared/answers';
import { afterSending, keepSending, keptSending, nextSending, type Sending } from './sending';

const refused = (code: string) => {
  const problem: Problem = { code, status: 409, title: 'No', titleBn: 'না', retryable: false };
  return { kind: 'refused', problem } as const;
};
const SLIP = { path: '/v1/bank-deposits', body: { bank: 'main', coins: '5' } } as const;
const OTHER = { ...SLIP, body: { bank: 'main', coins: '6' } };
const first = nextSending(undefined, SLIP, 'k1')!;
const unsure: Sending = { ...first, unsure: true };

it.each([
  ['lost', { kind: 'lost' } as const, true],
  ['database-unavailable', refused('database-unavailable'), true],
  ['outcome-unknown', refused('outcome-unknown'), true],
  ['internal-error', refused('internal-error'), true],
  ['session-expired', refused('session-expired'), false],
  ['page-header-missing', refused('page-header-missing'), false],
])('keeps its id after %s', (_name, outcome, isUnsure) => {
  const kept = afterSending(first, outcome);
  expect(kept).toEqual({ ...first, unsure: isUnsure });
  expect(nextSending(kept, SLIP, 'k2')?.key).toBe('k1');
});

it('takes a new id after an answer, and after a refusal that is the last word', () => {
  expect(afterSending(unsure, { kind: 'answer', status: 201, body: {} })).toBeUndefined();
  expect(afterSending(first, refused('deposit-above-cash'))).toBeUndefined();
  expect(nextSending(undefined, SLIP, 'k2')?.key).toBe('k2');
});

it.each(['deposit-key-conflict', 'deposit-above-cash', 'session-expired'])(
  'does not take %s for the last word on a call that was lost before',
  (code) => {
    expect(afterSending(unsure, refused(code))).toEqual(unsure);
  },
);

it('sends nothing else while one is unsettled, and never another body under the same id', () => {
  expect(nextSending(unsure, OTHER, 'k2')).toBeUndefined();
  expect(nextSending(first, OTHER, 'k2')).toEqual({ key: 'k2', ...OTHER, unsure: false });
});

it('keeps for its person what it is about, until it is settled', () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  } as unknown as Storage;
  keepSending('rahima', 'bank-deposit', unsure, storage);
  expect(keptSending('rahima', 'bank-deposit', storage)).toEqual(unsure);
  expect(keptSending('selim', 'bank-deposit', storage)).toBeUndefined();
  expect(keptSending('rahima', 'shift', storage)).toBeUndefined();
  keepSending('rahima', 'bank-deposit', undefined, storage);
  expect(keptSending('rahima', 'bank-deposit', storage)).toBeUndefined();
  storage.setItem('vend.sending.rahima.bank-deposit', '{"key":');
  expect(keptSending('rahima', 'bank-deposit', storage)).toBeUndefined();
});
