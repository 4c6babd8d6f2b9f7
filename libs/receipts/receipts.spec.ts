/** Proves what a receipt says: every charge and month in its SMS, every line with its reason in print, and the count of SMS parts. */
import fc from 'fast-check';
import { groupedToken, printText, receiptValues, smsCuts, smsParts, type Receipt, type ReceiptToken } from '.';

const label = (en: string, bn: string) => ({ en, bn });

/** NESCO's receipt of Tk 1000 (MONEY.md 1), with an invented customer and token. */
function receipt(changes: Partial<Receipt> = {}): Receipt {
  return {
    receiptNo: 'NV-261121-7K3M9QXA2T',
    rechargeId: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42',
    issuedAt: Date.UTC(2026, 10, 21, 4, 15, 30),
    station: 'Test station',
    channel: label('counter', 'কাউন্টার'),
    customerNo: '40012345',
    customerName: 'Test Customer',
    meterNo: '01234567890',
    tariffClass: 'LT-A',
    sanctionedW: 2000n,
    lines: [
      {
        code: 'vat',
        amountPaisa: 4762n,
        label: label('VAT', 'ভ্যাট'),
        why: label('5 % inside Tk 1000.00', '1000.00 টাকার ভেতরে 5 %'),
      },
      {
        code: 'meter-rent',
        amountPaisa: 4000n,
        label: label('Meter rent', 'মিটার ভাড়া'),
        why: label('Nov 2026', 'নভেম্বর 2026'),
      },
      {
        code: 'demand-charge',
        amountPaisa: 6000n,
        label: label('Demand charge', 'ডিমান্ড চার্জ'),
        why: label('2 kW', '2 কিলোওয়াট'),
      },
      {
        code: 'rebate',
        amountPaisa: -903n,
        label: label('Rebate', 'রিবেট'),
        why: label('1 % of Tk 912.38 / 1.01 = 9.03 (1000.00 - VAT 47.62 - rent 40.00)', '912.38 টাকার 1 %'),
      },
      {
        code: 'energy',
        amountPaisa: 86141n,
        label: label('Meter credit', 'মিটারের ব্যালেন্স'),
        why: label('the rest', 'বাকি সব'),
      },
    ],
    tokens: [token(1, 1)],
    grossPaisa: 100_000n,
    energyPaisa: 86_141n,
    energyWh: null,
    estimatedWh: 174_500n,
    remainderPaisa: 0n,
    arrearsLeftPaisa: 0n,
    sampleTables: false,
    copy: false,
    ...changes,
  };
}

function token(sequence: number, of: number, kind: ReceiptToken['kind'] = 'credit'): ReceiptToken {
  return { sequence, of, kind, digits: `1234567890123456789${sequence % 10}` };
}

describe('receiptValues', () => {
  const full = { chargedMonths: [202611, 202609, 202610], arrearsLeftPaisa: 1_234_567n, remainderPaisa: 41n };

  it('names amount, energy, every charge, the months and the reference', () => {
    expect(receiptValues(receipt(full), 'en', 'https://pay.example/r/')).toEqual({
      bought: 'Paid Tk 1000.00, credit Tk 861.41 (about 174.5 kWh).',
      charges: 'VAT 47.62, rent 40.00, demand 60.00, rebate -9.03',
      months: '09/2026-11/2026 (3)',
      arrears: '12345.67',
      carried: '0.41',
      meter: '01234567890',
      receipt: 'NV-261121-7K3M9QXA2T',
      link: 'https://pay.example/r/NV-261121-7K3M9QXA2T',
      ...{ test: '', loads: '', copy: '' },
    });
    expect(receiptValues(receipt({ chargedMonths: [202611] }), 'bn')).toMatchObject({
      charges: 'ভ্যাট 47.62, ভাড়া 40.00, ডিমান্ড 60.00, রিবেট -9.03',
      months: '11/2026',
      link: '',
    });
  });

  it('says kWh, not an estimate, for an energy token', () => {
    const { bought } = receiptValues(receipt({ energyWh: 145_100n, estimatedWh: null }), 'en');
    expect(bought).toBe('Paid Tk 1000.00, energy 145.1 kWh (Tk 861.41).');
  });

  it.each(['bn', 'en'] as const)('breaks the whole payment down: %s', (language) => {
    const { charges = '' } = receiptValues(receipt(full), language);
    const paid = charges.split(', ').map((charge) => Math.round(Number(charge.split(' ').at(-1)) * 100));
    expect(paid.reduce((sum, paisa) => sum + paisa, 0)).toBe(100_000 - 86_141);
    expect(charges).not.toMatch(/[০-৯৳]/);
  });

  it('has nothing to say without a token', () => {
    expect(() => receiptValues(receipt({ tokens: [] }), 'en')).toThrow(RangeError);
  });
});

describe('printText with a key change', () => {
  it('is printed with what to do, the key change before the recharge', () => {
    const tokens = [token(3, 3), token(1, 3, 'key-change'), token(2, 3, 'key-change')];
    for (const [language, inOrder, change, credit] of [
      ['en', 'in this order', 'KEY CHANGE TOKEN 2/3', 'TOKEN 3/3'],
      ['bn', 'এই ক্রমে', 'কী পরিবর্তন টোকেন 2/3', 'টোকেন 3/3'],
    ] as const) {
      const text = printText(receipt({ tokens }), language);
      expect(text).toContain(inOrder);
      expect(text.indexOf(change)).toBeGreaterThan(0);
      expect(text.indexOf(credit)).toBeGreaterThan(text.indexOf(change));
    }
  });
});

describe('smsParts', () => {
  it.each([
    ['x'.repeat(160), 'gsm-7', 160, 1],
    ['x'.repeat(161), 'gsm-7', 161, 2],
    ['x'.repeat(306), 'gsm-7', 306, 2],
    ['x'.repeat(307), 'gsm-7', 307, 3],
    [`${'x'.repeat(158)}€`, 'gsm-7', 160, 1],
    [`${'x'.repeat(159)}€`, 'gsm-7', 161, 2],
    [`${'x'.repeat(152)}[${'x'.repeat(152)}`, 'gsm-7', 306, 3],
    ['ক'.repeat(70), 'ucs-2', 70, 1],
    ['ক'.repeat(71), 'ucs-2', 71, 2],
    ['ক'.repeat(135), 'ucs-2', 135, 3],
    [`${'x'.repeat(69)}৳`, 'ucs-2', 70, 1],
    [`${'ক'.repeat(66)}😀${'ক'.repeat(66)}`, 'ucs-2', 134, 3],
    ['\u09df'.repeat(36), 'ucs-2', 72, 2],
    ['', 'gsm-7', 0, 1],
    // Conjuncts: ক্ষ is three units, ক্ত্র five.
    [`${'ক্ষ'.repeat(23)}x`, 'ucs-2', 70, 1],
    ['ক্ষ'.repeat(24), 'ucs-2', 72, 2],
    ['ক্ত্র'.repeat(14), 'ucs-2', 70, 1],
    // য় is one unit or two as it is typed, and always two as it is sent.
    ['\u09af\u09bc'.repeat(35), 'ucs-2', 70, 1],
    [`It${'\u2019'}s ${'x'.repeat(65)}`, 'ucs-2', 70, 1],
    [`It${'\u2019'}s ${'x'.repeat(66)}`, 'ucs-2', 71, 2],
    ['😀'.repeat(35), 'ucs-2', 70, 1],
    // Thirty-three pairs fill 66 of 67 places: a pair is not torn for the last.
    ['😀'.repeat(67), 'ucs-2', 134, 3],
    [`${'x'.repeat(152)}€${'x'.repeat(6)}`, 'gsm-7', 160, 1],
    [`${'x'.repeat(152)}€${'x'.repeat(7)}`, 'gsm-7', 161, 2],
    [`${'x'.repeat(152)}€${'x'.repeat(151)}`, 'gsm-7', 305, 2],
    [`${'x'.repeat(152)}€${'x'.repeat(152)}`, 'gsm-7', 306, 3],
  ])('%#: cuts as a gateway does', (text, alphabet, units, count) => {
    const cut = smsParts(text);
    expect([cut.alphabet, cut.units, cut.parts.length]).toEqual([alphabet, units, count]);
  });

  it.each([
    ['x'.repeat(400), [153, 306], [152, 304]],
    [`${'x'.repeat(152)}€${'x'.repeat(200)}`, [152, 304], [152, 303]],
    ['ক'.repeat(140), [67, 134], [66, 132]],
    [`${'ক'.repeat(66)}😀${'ক'.repeat(66)}`, [66, 133], [66, 132]],
  ])('%#: is cut for either reference', (text, udh8, udh16) => {
    const { alphabet } = smsParts(text);
    expect([smsCuts(text, alphabet, 'udh-8'), smsCuts(text, alphabet, 'udh-16')]).toEqual([udh8, udh16]);
  });

  it('loses nothing, and no part is longer than its room or torn inside a pair', () => {
    const characters = fc.constantFrom('a', '€', '[', 'ক্ষ', 'য়', '😀', ' ', '৳', '1');
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 400 }), (chosen) => {
        const text = chosen.join('');
        const { parts, alphabet } = smsParts(text);
        expect(parts.join('')).toBe(text.normalize('NFC'));
        const room = alphabet === 'gsm-7' ? 160 : 70;
        for (const part of parts) {
          expect(smsParts(part).parts).toHaveLength(1);
          expect(part.length).toBeLessThanOrEqual(room);
          expect(part).not.toMatch(/\p{Surrogate}/u);
        }
      }),
    );
  });
});

describe('printText', () => {
  it('shows every line with its amount, sign and reason, and the total they add up to', () => {
    const text = printText(receipt(), 'en');
    for (const row of [
      /^VAT +47\.62$/m,
      /^Demand charge +60\.00$/m,
      /^Rebate +-9\.03$/m,
      /^Meter credit +861\.41$/m,
      /^Paid \(Tk\) +1000\.00$/m,
    ]) {
      expect(text).toMatch(row);
    }
    expect(text).toContain('  1 % of Tk 912.38 / 1.01 = 9.03 (1000.00 - VAT\n  47.62 - rent 40.00)');
    expect(text).toContain('2026-11-21 10:15:30 (+06:00)');
    expect(text).toContain('  1234 5678 9012 3456 7891');
    expect(text).toMatch(/^Estimate +174\.5 kWh$/m);
  });

  it('says so when it is a copy or made with sample tables, and only then', () => {
    expect(printText(receipt({ copy: true, sampleTables: true }), 'en')).toMatch(
      /^RECHARGE RECEIPT - COPY\nTEST TOKEN/,
    );
    expect(printText(receipt(), 'en')).not.toMatch(/COPY|TEST TOKEN/);
  });

  it('is wholly Bangla in Bangla, with ASCII digits', () => {
    const text = printText(receipt({ arrearsLeftPaisa: 5000n, remainderPaisa: 41n, copy: true }), 'bn');
    expect(text).toMatch(/^রিচার্জ রসিদ - অনুলিপি$/m);
    expect(text).toMatch(/^বকেয়া বাকি +50\.00$/m);
    expect(text).not.toMatch(/[০-৯]|Receipt|Paid|VAT/);
  });

  it('names key change tokens and their order', () => {
    const text = printText(
      receipt({ tokens: [token(1, 3, 'key-change'), token(2, 3, 'key-change'), token(3, 3)] }),
      'en',
    );
    expect(text).toMatch(/KEY CHANGE TOKEN 1\/3\n.*\nKEY CHANGE TOKEN 2\/3\n.*\nTOKEN 3\/3\n/);
  });
});

describe('groupedToken', () => {
  it('refuses what is not 20 ASCII digits, without repeating it', () => {
    for (const digits of ['1234', '১২৩৪৫৬৭৮৯০১২৩৪৫৬৭৮৯০', '1234 5678 9012 3456 78']) {
      expect(() => groupedToken(digits)).toThrow(/^a token is 20 ASCII digits$/);
    }
  });
});
