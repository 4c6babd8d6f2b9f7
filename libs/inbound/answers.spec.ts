/* Proves that no answer of ours is a question to us: a phone that sends back what it gets is not answered, whatever the values are. */
import fc from 'fast-check';
import { renderSms, TEMPLATE_CODES, type SmsTemplate } from '@vend/messages';
import { RELEASED_TEMPLATES as released } from '../../test/builders/sms-templates';
import { readQuestion } from './question';

const answers = TEMPLATE_CODES.filter((code) => code.startsWith('answer-')).flatMap((code) => {
  const { bn, en } = released.find((each) => each.code === code)!;
  return (['bn', 'en'] as const).map((language): SmsTemplate => ({
    code,
    version: 1,
    language,
    body: language === 'bn' ? bn : en,
  }));
});

it('has answers to try', () => expect(answers.length).toBe(18));

it.each(answers.map((template) => [`${template.code} ${template.language}`, template] as const))(
  '%s',
  (_, template) => {
    const number = fc.stringMatching(/^[0-9]{18}$/);
    fc.assert(
      fc.property(number, fc.boolean(), (digits, short) => {
        const names = [
          'meter',
          'meters',
          'word',
          'example',
          'day',
          'amount',
          'units',
          'energy',
          'price',
          'arrears',
          'count',
        ];
        const values = Object.fromEntries(names.map((name) => [name, name === 'word' ? 'BAL' : digits]));
        // Only what must be there, or all of it.
        const given = short ? { ...values, energy: '', price: '', arrears: '', amount: '', count: '' } : values;
        const tokens = template.body.startsWith('{tokens}')
          ? [{ sequence: 1, of: 1, digits: digits.padStart(20, '7'), kind: 'credit' as const, sampleTables: false }]
          : [];
        const { text } = renderSms(template, given, { tokens });
        expect(readQuestion(text)).toEqual({ kind: 'no-question' });
      }),
      { numRuns: 50 },
    );
  },
);
