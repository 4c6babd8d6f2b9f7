// Proves the checks of a text before it is saved, and its parts and cost, each against figures counted by hand.
import { previewTemplate, renderSms, strayCharacters, type SmsTemplate, type TemplateCode } from '.';
import { sampleTokens } from './samples';

const english = (body: string, code: TemplateCode = 'notice') => previewTemplate(code, 'en', body, 45n);

describe('strayCharacters', () => {
  it.each<[string, string, string, number, number]>([
    ['Don’t pay twice', 'RIGHT SINGLE QUOTATION MARK', "'", 1, 1],
    [`${'x'.repeat(80)}“`, 'LEFT DOUBLE QUOTATION MARK', '"', 2, 1],
    [`${'x'.repeat(155)}–`, 'EN DASH', '-', 3, 1],
    [`${'x'.repeat(70)}৳`, 'BENGALI RUPEE SIGN', 'Tk', 2, 1],
    [`${'x'.repeat(70)}\u00a0`, 'NO-BREAK SPACE', ' ', 2, 1],
    [`${'x'.repeat(158)}…`, 'HORIZONTAL ELLIPSIS', '...', 3, 2],
    [`${'x'.repeat(69)}💡`, 'EMOJI U+1F4A1', '', 2, 1],
    ['ক', 'BENGALI LETTER U+0995', '', 1, 1],
    ['৫০০', 'BENGALI DIGIT U+09EB', '5', 1, 1],
  ])('%#: in English, by name, with what to write instead', (text, name, instead, parts, partsWithout) => {
    expect(strayCharacters(text, 'en')[0]).toMatchObject({ name, instead, parts, partsWithout });
  });

  it('tells the place in UTF-16 units, also behind a pair', () => {
    expect(strayCharacters('a💡b–', 'en').map(({ at }) => at)).toEqual([1, 4]);
  });

  it('in Bangla finds what nobody sees, and digits that no meter has', () => {
    expect(strayCharacters('মিটার\u00a0৫\ufeff', 'bn').map(({ name }) => name)).toEqual([
      'NO-BREAK SPACE',
      'BENGALI DIGIT U+09EB',
      'ZERO WIDTH NO-BREAK SPACE',
    ]);
    // Conjuncts, joiners and the Taka sign belong to the language.
    expect(strayCharacters('র\u200d্যাব ক্ষমতা ৳', 'bn')).toEqual([]);
  });

  it('leaves GSM 7-bit alone, extension table and all', () => {
    expect(strayCharacters('@£$ Δ ^{}[]~\\|€ \n 100%', 'en')).toEqual([]);
  });
});

describe('previewTemplate', () => {
  it('counts parts and cost with values of an ordinary length', () => {
    const { rendered, findings } = english('Your code is {code}. Valid {minutes} minutes.', 'one-time-code');
    expect(findings).toEqual([]);
    const text = 'Your code is 402817. Valid 5 minutes.';
    expect(rendered).toEqual({ text, alphabet: 'gsm-7', units: text.length, parts: 1, costPaisa: 45n });
  });

  it('warns of a stray character in the words, with the parts of the whole text', () => {
    const body = `Your code is {code} – valid {minutes} minutes.${' Tell it to nobody.'.repeat(3)}`;
    expect(english(body, 'one-time-code').findings).toEqual([
      {
        ...{ language: 'en', rule: 'stray-character', severity: 'warning', at: 20, character: '–', name: 'EN DASH' },
        ...{ instead: '-', parts: 2, partsWithout: 1 },
      },
    ]);
  });

  it.each<[TemplateCode, string, object]>([
    ['one-time-code', ' ', { rule: 'empty' }],
    ['one-time-code', '{code}', { rule: 'placeholder-missing', name: 'minutes' }],
    ['one-time-code', '{code} {minutes} {pin}', { rule: 'placeholder-unknown', name: 'pin', at: 17 }],
    ['one-time-code', '{code} {minutes} [', { rule: 'brackets', at: 17 }],
    ['one-time-code', '{code} {minutes} ]', { rule: 'brackets', at: 17 }],
    ['one-time-code', '{code} {minutes', { rule: 'brackets', at: 7 }],
    ['one-time-code', '{code} [[{minutes}]]', { rule: 'brackets', at: 8 }],
    ['one-time-code', '{Code} {minutes}', { rule: 'brackets', at: 0 }],
    ['answer-token', 'Token: {tokens} {meter} {day}', { rule: 'tokens-not-first' }],
    ['answer-token', '{tokens} {meter} {day} {tokens}', { rule: 'tokens-not-first' }],
    ['one-time-code', `{code} {minutes} ${'x'.repeat(995)}`, { rule: 'too-long' }],
  ])('%#: %s: an error, and nothing is shown as good', (code, body, finding) => {
    const { rendered, findings } = english(body, code);
    expect(rendered).toBeUndefined();
    expect(findings).toMatchObject([{ severity: 'error', language: 'en', ...finding }]);
  });

  it('takes tokens first also in a piece that may be missing', () => {
    expect(english('[{tokens} ]{meter} {day}', 'answer-token').findings).toEqual([]);
  });
});

describe('renderSms', () => {
  const template = (body: string, code: TemplateCode = 'pending'): SmsTemplate => {
    return { code, version: 1, language: 'en', body };
  };
  it('leaves out a piece whose value is missing or empty, and no other', () => {
    const body = 'Tk {amount}.[ Ref {reference}] Meter {meter}';
    expect(renderSms(template(body), { amount: '5.00', meter: '1', reference: '' }, {}).text).toBe('Tk 5.00. Meter 1');
    expect(renderSms(template(body), { amount: '5.00', meter: '1', reference: 'X' }, {}).text).toBe(
      'Tk 5.00. Ref X Meter 1',
    );
  });

  it('never sends a text with a hole, and names no value when it refuses', () => {
    expect(() => renderSms(template('Tk {amount}, {meter}'), { meter: '600727' }, {})).toThrow(
      /^pending needs a value: amount$/,
    );
  });

  it('does not read a value as a template', () => {
    const { text } = renderSms(template('{amount} {meter}'), { amount: '{meter}', meter: '[x]\u0000{tokens}' }, {});
    expect(text).toBe('{meter} [x]{tokens}');
  });

  it('keeps the free text of a notice as it was written, and any other value within GSM 7-bit', () => {
    expect(renderSms(template('{text}', 'notice'), { text: '৳ 5' }, {}).alphabet).toBe('ucs-2');
    expect(renderSms(template('{amount} {meter}'), { amount: '৳ 5', meter: '১' }, {}).text).toBe('* 5 *');
  });

  it('cuts no token at the edge of a part, by either reference', () => {
    // 44 letters before: the fourth number would lie over unit 153.
    const { text } = renderSms(
      template('{tokens} {meter} {day}', 'answer-token'),
      { meter: '1', day: '2' },
      {
        tokens: sampleTokens(5),
      },
    );
    const written = [...text.matchAll(/\d\/5 (?:\d{4} ?){5}/g)].map(({ index, 0: { length } }) => [
      index,
      index + length - 1,
    ]);
    expect(written).toHaveLength(5);
    for (const edge of [152, 153]) expect(written.some(([from, to]) => from! < edge && edge < to!)).toBe(false);
  });
});
