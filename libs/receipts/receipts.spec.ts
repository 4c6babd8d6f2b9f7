/** Proves the texts of a receipt: token first and whole, GSM-7 English in one part, Bangla with ASCII digits, every line with its reason. */
import fc from 'fast-check';
import { groupedToken, printText, smsParts, smsText, type Receipt, type ReceiptToken } from '.';

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

describe('smsText in English', () => {
  it('is one GSM-7 part with the token first', () => {
    const text = smsText(receipt(), 'en');
    expect(text).toBe(
      'Token: 1234 5678 9012 3456 7891. Paid Tk 1000.00, credit Tk 861.41 (about 174.5 kWh). ' +
        'Meter 01234567890. VAT+charges Tk 138.59. Receipt NV-261121-7K3M9QXA2T',
    );
    expect(smsParts(text)).toMatchObject({ alphabet: 'gsm-7', units: text.length, parts: [text] });
    expect(text.length).toBeLessThanOrEqual(160);
  });

  it('drops the least weighty details rather than cost a second part', () => {
    const full = { arrearsLeftPaisa: 1_234_567n, remainderPaisa: 41n, sampleTables: true, grossPaisa: 12_345_678n };
    const text = smsText(receipt(full), 'en');
    expect(smsParts(text).parts).toHaveLength(1);
    expect(text).toContain('TEST, not for real meters.');
    expect(text).toContain('Paid Tk 123456.78');
    expect(text).not.toContain('Receipt');
  });

  it('says kWh, not an estimate, for an energy token', () => {
    const text = smsText(receipt({ energyWh: 145_100n, estimatedWh: null }), 'en');
    expect(text).toContain('energy 145.1 kWh (Tk 861.41)');
    expect(text).not.toContain('about');
  });

  it('stays GSM-7 when the meter number is masked with a foreign dot', () => {
    expect(smsParts(smsText(receipt({ meterNo: '0123••••890' }), 'en')).alphabet).toBe('gsm-7');
  });

  it('numbers several tokens, keeps them in order and says that all are needed', () => {
    const tokens = [token(3, 3), token(1, 3, 'key-change'), token(2, 3, 'key-change')];
    const text = smsText(receipt({ tokens }), 'en');
    expect(text).toMatch(/^3 tokens, enter all in this order: 1\/3 [\d ]{24} 2\/3 [\d ]{24} 3\/3 [\d ]{24} /);
    expect(smsParts(text).parts.length).toBeLessThanOrEqual(2);
  });

  it('sends nothing without a token', () => {
    expect(() => smsText(receipt({ tokens: [] }), 'en')).toThrow(RangeError);
  });
});

describe('smsText in Bangla', () => {
  const text = smsText(receipt(), 'bn');

  it('has the token whole in the first part, ASCII digits throughout, and no Taka sign', () => {
    const { alphabet, parts } = smsParts(text);
    expect(alphabet).toBe('ucs-2');
    expect(parts[0]).toContain('টোকেন: 1234 5678 9012 3456 7891।');
    expect(parts.length).toBeLessThanOrEqual(3);
    expect(text).not.toMatch(/[০-৯৳]/);
  });

  it('is in normal form C, so that it counts the same wherever it is cut', () => {
    expect(text).toBe(text.normalize('NFC'));
  });

  it('gives amount, credit, estimate, meter and receipt', () => {
    expect(text).toContain('1000.00 টাকায় মিটারে জমা 861.41 টাকা (আনুমানিক 174.5 ইউনিট)।'.normalize('NFC'));
    expect(text).toContain('মিটার 01234567890।');
    expect(text).toContain('রসিদ NV-261121-7K3M9QXA2T');
  });
});

describe('smsText with a key change', () => {
  it.each(['bn', 'en'] as const)('never cuts a token between two parts: %s', (language) => {
    const kinds = fc.record({
      sections: fc.integer({ min: 1, max: 4 }),
      grossPaisa: fc.bigInt({ min: 100n, max: 99_999_999n }),
      sampleTables: fc.boolean(),
    });
    fc.assert(
      fc.property(kinds, ({ sections, grossPaisa, sampleTables }) => {
        const of = sections + 1;
        const tokens = Array.from({ length: of }, (_, i) => token(i + 1, of, i < sections ? 'key-change' : 'credit'));
        const { parts } = smsParts(smsText(receipt({ tokens, grossPaisa, sampleTables }), language));
        for (const { sequence, digits } of tokens) {
          const whole = `${sequence}/${of} ${groupedToken(digits)}`;
          expect(parts.filter((part) => part.includes(whole))).toHaveLength(1);
        }
      }),
    );
  });

  it('takes five parts at most for the longest set: four sections and the credit, in Bangla', () => {
    const tokens = [1, 2, 3, 4, 5].map((sequence) => token(sequence, 5, sequence < 5 ? 'key-change' : 'credit'));
    const { parts } = smsParts(smsText(receipt({ tokens, sampleTables: true }), 'bn'));
    expect(parts[0]).toContain('5টি টোকেন, সবগুলো এই ক্রমে দিন: 1/5 1234'.normalize('NFC'));
    expect(parts.length).toBeLessThanOrEqual(5);
  });

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
  ])('%#: cuts as a gateway does', (text, alphabet, units, count) => {
    const cut = smsParts(text);
    expect([cut.alphabet, cut.units, cut.parts.length]).toEqual([alphabet, units, count]);
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
