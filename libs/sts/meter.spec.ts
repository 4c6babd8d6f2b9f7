// Proves what a meter answers to every kind of token, in every result it has a name for, by typing tokens made by the
// library into it; time is a number the test chooses.
import * as fc from 'fast-check';
import {
  DecoderKey,
  StsMeter,
  TID_MEMORY_SIZE,
  VendingKey,
  encodeCredit,
  encodeKeyChange,
  encodeManagement,
  encodeTestDisplay,
  tokenDigits,
} from './index';
import type { ManagementKind, MeterOptions, MeterState } from './index';
import { tokenCrc } from './crc';
import { KEY04, codeOf, keyOf } from './sts.fixture';

const credit = (key: DecoderKey, tid: number, units: number | bigint = 10, subclass = 0): string =>
  encodeCredit(key, { subclass, tid, rnd: 5, units, special: true }).digits;
const manage = (key: DecoderKey, kind: ManagementKind, tid: number, value: number): string =>
  encodeManagement(key, { kind, tid, rnd: 5, value }).digits;
const EA11 = { ea: '11', dkga: '04', vendingKey: KEY04 };
const NEXT = { vendingKey: VendingKey.fromHex('fedcba9876543210'), krn: 2 };

function rawToken(key: DecoderKey, tokenClass: number, hi: number, body16: number): string {
  const out = new Uint32Array(2);
  key.encryptBlock(hi, ((body16 << 16) | tokenCrc(tokenClass, hi, body16, false)) >>> 0, out);
  return tokenDigits(tokenClass, out[0]!, out[1]!);
}

describe('credit', () => {
  it('is accepted once, by this meter only, and lands in its register', () => {
    const key = keyOf();
    const meter = new StsMeter(key);
    const digits = credit(key, 6_778_695, 20_000);
    expect(meter.enter(digits, 0)).toMatchObject({
      result: 'Accept',
      credited: { subclass: 0, units: 20_004n, text: '2000.4' },
      token: { kind: 'credit', tid: 6_778_695 },
    });
    expect(meter.credit(0)).toBe(20_004n);
    expect(meter.enter(digits, 1).result).toBe('Used');
    expect(meter.credit(0)).toBe(20_004n);
    expect(new StsMeter(keyOf({ pan: '600727111111111153' })).enter(digits, 0).result).toBe('CRC');
  });

  it('is read as the counter prints it, in groups', () => {
    const key = keyOf(EA11);
    const digits = credit(key, 5, 100_000, 4);
    const grouped = digits.replace(/(.{4})/g, '$1 ').trim();
    expect(new StsMeter(key).enter(grouped, 0).credited).toEqual({ subclass: 4, units: 100_004n, text: '1.00004' });
  });

  it('may come in any order within the memory of fifty; what falls out of it is old', () => {
    const key = keyOf();
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 0xffffff }), { minLength: 50, maxLength: 50 }), (tids) => {
        const meter = new StsMeter(key);
        for (const tid of tids) expect(meter.enter(credit(key, tid), 0).result).toBe('Accept');
        for (const tid of tids) expect(meter.enter(credit(key, tid), 0).result).toBe('Used');
        expect(meter.credit(0)).toBe(500n);
        const sorted = [...tids].sort((a, b) => a - b);
        expect(meter.toState().tidMemory).toEqual(sorted);
        const [smallest = 0] = sorted;
        if (smallest > 0) expect(meter.enter(credit(key, smallest - 1), 0).result).toBe('Old');
      }),
      { numRuns: 20 },
    );
  });

  it('made between two remembered ones is welcome, and pushes the smallest out', () => {
    const key = keyOf();
    const meter = new StsMeter(key);
    for (let n = 0; n < TID_MEMORY_SIZE; n++) meter.enter(credit(key, 1000 + 10 * n), 0);
    expect(meter.enter(credit(key, 1005), 0).result).toBe('Accept');
    expect(meter.enter(credit(key, 1000), 0).result).toBe('Old');
    expect(meter.enter(credit(key, 1005), 0).result).toBe('Used');
  });

  it('older than the meter itself is refused', () => {
    const key = keyOf();
    const meter = new StsMeter(key, {}, 5000);
    expect(meter.enter(credit(key, 4999), 0).result).toBe('Old');
    expect(meter.enter(credit(key, 5000), 0).result).toBe('Used');
    expect(meter.enter(credit(key, 5001), 0).result).toBe('Accept');
  });

  it('is refused when it would overflow, and may be entered again after consumption', () => {
    const key = keyOf();
    const meter = new StsMeter(key, { registerLimitTenths: 100n });
    expect(meter.enter(credit(key, 10, 60), 0).result).toBe('Accept');
    const second = credit(key, 11, 60);
    expect(meter.enter(second, 0).result).toBe('Overflow');
    meter.consume(0, 50n);
    expect(meter.enter(second, 0).result).toBe('Accept');
    expect(meter.credit(0)).toBe(70n);
  });

  it('may be negative in currency', () => {
    const key = keyOf();
    const meter = new StsMeter(key, { registerLimitHundredThousandths: 200_000n });
    expect(meter.enter(credit(key, 10, -100_000, 4), 0).credited?.text).toBe('-0.99994');
    expect(meter.credit(4)).toBe(-99_994n);
    expect(meter.enter(credit(key, 11, -200_000, 4), 0).result).toBe('Overflow');
  });

  it.each<[string, object, MeterOptions, number]>([
    ['Function', {}, {}, 1],
    ['Accept', {}, { services: [1] }, 1],
    ['KeyExpired', { ken: 0 }, {}, 0],
    ['Accept', { ken: 0 }, { enforceKeyExpiry: false }, 0],
  ])('%s: key %j, options %j, subclass %i', (result, change, options, subclass) => {
    const hex = keyOf().exportHex();
    const meter = new StsMeter(DecoderKey.fromHex(hex, { ...keyOf(change) }), options);
    expect(meter.enter(credit(keyOf(), 0x20000, 10, subclass), 0).result).toBe(result);
  });

  it('is refused on the default key, where management is not', () => {
    const unique = keyOf();
    const onDefault = DecoderKey.fromHex(unique.exportHex(), { ...unique, kt: 1 });
    const meter = new StsMeter(onDefault);
    expect(meter.enter(credit(unique, 10), 0).result).toBe('DDTK');
    expect(meter.enter(manage(onDefault, 'clear-tamper', 11, 0), 0).result).toBe('Accept');
  });
});

describe('management', () => {
  it('sets limits, clears registers and the tamper flag, each token once', () => {
    const key = keyOf();
    const meter = new StsMeter(key);
    meter.tamper();
    meter.enter(credit(key, 2, 10), 0);
    meter.enter(credit(key, 3, 500, 4), 0);
    expect(meter.enter(manage(key, 'max-power-limit', 4, 20_000), 0).result).toBe('Accept');
    expect(meter.enter(manage(key, 'max-power-limit', 4, 20_000), 0).result).toBe('Used');
    meter.enter(manage(key, 'phase-unbalance-limit', 5, 1000), 0);
    meter.enter(manage(key, 'tariff-rate', 6, 7), 0);
    meter.enter(manage(key, 'clear-tamper', 7, 0), 0);
    expect([meter.maxPowerLimit, meter.phaseUnbalanceLimit, meter.tampered]).toEqual([20_004, 1000, false]);
    expect(meter.toState()).toMatchObject({ tariffRate: 7, waterFactor: null });
    expect(meter.enter(manage(key, 'clear-credit', 8, 0), 0).result).toBe('Accept');
    expect([meter.credit(0), meter.credit(4)]).toEqual([0n, 500n]);
    expect(meter.enter(manage(key, 'clear-credit', 9, 0xffff), 0).result).toBe('Accept');
    expect(meter.credit(4)).toBe(0n);
    expect(meter.enter(manage(key, 'clear-credit', 10, 2), 0).result).toBe('Function');
    expect(meter.enter(manage(key, 'water-factor', 11, 3), 0).result).toBe('Function');
    const water = new StsMeter(key, { services: [1] });
    expect(water.enter(manage(key, 'water-factor', 11, 3), 0).result).toBe('Accept');
    expect(water.toState().waterFactor).toBe(3);
  });

  it('out of range or of a reserved subclass is named so', () => {
    const key = keyOf();
    const meter = new StsMeter(key);
    expect(meter.enter(rawToken(key, 2, 0x10000005, 9), 0).result).toBe('Range');
    expect(meter.enter(rawToken(key, 2, 0xb0000005, 9), 0).result).toBe('Function');
    expect(meter.enter(rawToken(key, 0, 0x90000005, 9), 0).result).toBe('Function');
    expect(meter.enter('73786976294838206463', 0).result).toBe('Function');
    expect(meter.enter('99999999999999999999', 0).result).toBe('Format');
    expect(meter.enter('123', 0).result).toBe('Format');
  });
});

describe('test and display', () => {
  it.each<[string, string, number, number]>([
    ['Accept', '600727011234567804', 0, 0],
    ['Accept', '600727011234567804', 0, 1],
    ['MfrCode', '600727011234567804', 0, 2],
    ['MfrCode', '600727011234567804', 1, 1],
    ['Accept', '600727011234567804', 1, 0],
    ['Accept', '000001000000000082', 1, 100],
    ['MfrCode', '000001000000000082', 1, 101],
  ])('%s: meter %s, subclass %i, manufacturer %i', (result, pan, subclass, manufacturer) => {
    const { digits } = encodeTestDisplay({ subclass, manufacturer, control: 0x805n });
    const answer = new StsMeter(keyOf({ pan })).enter(digits, 0);
    expect(answer.result).toBe(result);
    expect(answer.display).toEqual(result === 'Accept' ? [1, 3, 12] : undefined);
  });
});

describe('a key change', () => {
  const orders = (count: number): fc.Arbitrary<number[]> => {
    const all = Array.from({ length: count }, (_, n) => n);
    return fc.shuffledSubarray(all, { minLength: count, maxLength: count });
  };
  it.each<[2 | 3 | 4, object, object]>([
    [2, {}, NEXT],
    [3, {}, { ...NEXT, sgc: '654321', ken: 77, ti: 99 }],
    [4, EA11, { ...EA11, sgc: '987654', ken: 200, ti: 42, krn: 9 }],
  ])('in %i sections is taken in any order and leaves the meter on the new key', (sections, from, to) => {
    const [current, next] = [keyOf(from), keyOf(to)];
    const tokens = encodeKeyChange({ current, next, sections, at: null });
    fc.assert(
      fc.property(orders(sections), (order) => {
        const meter = new StsMeter(current);
        const results = order.map((n) => meter.enter(tokens[n]!.digits, 0).result);
        const names = order.map((n) => ['1stKCT', '2ndKCT', '3rdKCT', '4thKCT'][n]);
        expect(results).toEqual([...names.slice(0, -1), 'Accept']);
        const { kt, krn, ti, ken } = next;
        expect({ ...meter.key }).toMatchObject({ kt, krn, ti, ken, sgc: sections === 2 ? current.sgc : next.sgc });
        expect(meter.key.exportHex()).toBe(next.exportHex());
        // At a TID that the smallest expiry number here still allows.
        expect(meter.enter(credit(next, 10), 0).result).toBe('Accept');
        expect(meter.enter(credit(current, 11), 0).result).toBe('CRC');
      }),
      { numRuns: 25 },
    );
  });

  it('keeps the credit, and the identifiers unless the base date moves on', () => {
    const current = keyOf();
    for (const baseDate of [2014, 2035] as const) {
      const next = keyOf({ ...NEXT, baseDate });
      const meter = new StsMeter(current);
      meter.enter(credit(current, 5000), 0);
      for (const token of encodeKeyChange({ current, next, sections: 2, at: null })) meter.enter(token.digits, 0);
      expect([meter.credit(0), meter.key.baseDate]).toEqual([10n, baseDate]);
      expect(meter.enter(credit(next, 5000), 0).result).toBe(baseDate === 2014 ? 'Used' : 'Accept');
    }
  });

  it('half entered is dropped after ten minutes', () => {
    const [current, next] = [keyOf(), keyOf(NEXT)];
    const [first, second] = encodeKeyChange({ current, next, sections: 2, at: null });
    const late = new StsMeter(current);
    late.enter(first!.digits, 0);
    expect(late.enter(second!.digits, 600_001).result).toBe('2ndKCT');
    expect(late.enter(first!.digits, 600_002).result).toBe('Accept');
    const inTime = new StsMeter(current);
    inTime.enter(first!.digits, 0);
    expect(inTime.enter(second!.digits, 600_000).result).toBe('Accept');
  });

  it('to a key type that the meter does not permit is refused and forgotten', () => {
    const [current, next] = [keyOf(), keyOf({ ...NEXT, kt: 0 })];
    const keyTypeChanges = { 0: [], 1: [], 2: [0], 3: [] } as const;
    const tokens = encodeKeyChange({ current, next, sections: 2, at: null, keyTypeChanges });
    const meter = new StsMeter(current);
    expect(tokens.map((token) => meter.enter(token.digits, 0).result)).toEqual(['1stKCT', 'KeyType']);
    expect(meter.key.kt).toBe(2);
    expect(meter.toState().sections).toEqual([]);
    const open = new StsMeter(current, { keyTypeChanges });
    expect(tokens.map((token) => open.enter(token.digits, 0).result)).toEqual(['1stKCT', 'Accept']);
  });
});

describe('lock-out', () => {
  it('starts with the third wrong entry, doubles to 1280 s, lets class 1 through, ends with a good entry', () => {
    const key = keyOf();
    const meter = new StsMeter(key);
    const wrong = '00000000000000000000';
    let nowMs = 0;
    expect([meter.enter(wrong, 0).result, meter.enter(wrong, 0).result]).toEqual(['CRC', 'CRC']);
    for (const seconds of [10, 20, 40, 80, 160, 320, 640, 1280, 1280]) {
      expect(meter.enter(wrong, nowMs).result).toBe('CRC');
      const lastMs = nowMs + seconds * 1000 - 1;
      expect(meter.enter(credit(key, 10), lastMs)).toEqual({ result: 'Lockout', lockedUntilMs: lastMs + 1 });
      expect(meter.enter('12', lastMs).result).toBe('Lockout');
      expect(meter.enter('56493153725450313471', lastMs).display).toHaveLength(36);
      nowMs = lastMs + 1;
    }
    expect(meter.enter(credit(key, 10), nowMs).result).toBe('Accept');
    expect([meter.enter(wrong, nowMs).result, meter.enter(wrong, nowMs).result]).toEqual(['CRC', 'CRC']);
    expect(meter.enter(credit(key, 11), nowMs).result).toBe('Accept');
  });
});

describe('stored state', () => {
  it('survives JSON at any point of its life', () => {
    const [current, next] = [keyOf(EA11), keyOf({ ...EA11, ti: 2 })];
    const tokens = encodeKeyChange({ current, next, sections: 4, at: null });
    let meter = new StsMeter(current);
    const restart = (): void => {
      const state = JSON.parse(JSON.stringify(meter.toState())) as MeterState;
      meter = StsMeter.fromState(state);
      expect(meter.toState()).toEqual(state);
    };
    restart();
    meter.enter(credit(current, 10, 77), 0);
    meter.enter('0', 0);
    restart();
    expect(meter.enter(credit(current, 10, 77), 0).result).toBe('Used');
    for (const { digits } of tokens) {
      meter.enter(digits, 0);
      restart();
    }
    expect([meter.key.ti, meter.credit(0)]).toEqual([2, 77n]);
  });

  it('that is damaged is refused', () => {
    const state = new StsMeter(keyOf()).toState();
    for (const change of [{ version: 2 }, { tidMemory: [1] }, { registers: ['0'] }, { tidMemory: undefined }]) {
      expect(codeOf(() => StsMeter.fromState({ ...state, ...change } as MeterState))).toBe('bad-state');
    }
    expect(codeOf(() => StsMeter.fromState({ ...state, decoderKey: 'ab' }))).toBe('bad-decoder-key');
    expect(codeOf(() => new StsMeter(keyOf()).credit(8))).toBe('bad-subclass');
  });
});
