/*
 * Proves that no meter takes a token of the sandbox, whatever its keys: it is more than 66 bits can hold, and what its
 * lower 66 bits say is of the reserved class. Virtual meters of every cipher and several keys are the witnesses.
 */
import { StsMeter } from '@vend/sts';
import { sandboxToken } from '../../libs/billers/sandbox/sandbox-token';
import { KEY04, keyOf } from '../../libs/sts/sts.fixture';

const TOKENS_END = 1n << 66n;
const TOKENS = Array.from({ length: 500 }, (_, n) => sandboxToken(`demo-form T${n} 1`));

it('has 20 digits, is above the highest token, and is another one for every payment', () => {
  for (const digits of TOKENS) {
    expect(digits).toMatch(/^9\d{19}$/);
    expect(BigInt(digits) >= TOKENS_END).toBe(true);
  }
  expect(new Set(TOKENS).size).toBe(TOKENS.length);
  expect(sandboxToken('demo-form T7 1')).toBe(TOKENS[7]);
});

it.each<[string, object]>([
  ['EA07', {}],
  ['EA07 of another meter', { ti: 2, krn: 2 }],
  ['EA11', { ea: '11', dkga: '04', vendingKey: KEY04 }],
  ['EA11 of another group', { ea: '11', dkga: '04', vendingKey: KEY04, sgc: '654321' }],
])(
  '%s: refused as it is, and by a meter that reads the lower 66 bits alone, before any key is used',
  (_name, change) => {
    const meter = new StsMeter(keyOf(change), { lockout: null, services: [0, 1, 2, 3, 4, 5, 6, 7] });
    TOKENS.forEach((digits, at) => {
      expect(meter.enter(digits, 2 * at).result).toBe('Format');
      const lower = (BigInt(digits) % TOKENS_END).toString().padStart(20, '0');
      const answer = meter.enter(lower, 2 * at + 1);
      expect(answer.result).toBe('Function');
      expect(answer.token).toBeFalsy();
    });
  },
);
