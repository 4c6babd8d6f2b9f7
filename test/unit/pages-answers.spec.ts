/*
 * Proves that what the pages believe of the server's answers is what the API gives: the compiler holds the API's own types
 * against the pages' in `npm run check`, and a quote is looked at with both eyes here.
 */
import type { MeterSearchDto } from '../../apps/api/meters/meter.dto';
import type { QuoteDto } from '../../apps/api/quotes/quote.dto';
import type { RechargeDto, TillDayDto } from '../../apps/api/recharges/recharge.dto';
import type { PageSessionDto } from '../../apps/api/sessions/session.dto';
import type { Problem } from '../../apps/api/http/problems';
import type * as pages from '../../apps/pos/src/shared/answers';

/** Compiles only when whatever the API answers can be read as the page reads it. */
type Reads<Answer extends Page, Page> = Answer;

interface Agreed {
  readonly session: Reads<PageSessionDto, pages.PageSession>;
  readonly search: Reads<MeterSearchDto, pages.MeterSearch>;
  readonly quote: Reads<QuoteDto, pages.Quote>;
  readonly tillDay: Reads<TillDayDto, pages.TillDay>;
  readonly recharge: Reads<RechargeDto, pages.Recharge>;
  readonly problem: Reads<Problem, pages.Problem>;
}

it('reads the lines of a quote as the page does', () => {
  const answer: Pick<Agreed['quote'], 'amount' | 'lines'> = {
    amount: { value: '500.00', currency: 'BDT' },
    lines: [
      { code: 'vat', amount: '23.81', label: { en: 'VAT', bn: 'ভ্যাট' }, why: { en: '5 %', bn: '5 %' }, papers: [] },
    ],
  };
  const read: Pick<pages.Quote, 'amount' | 'lines'> = answer;
  expect(read.lines[0]?.label.bn).toBe('ভ্যাট');
});
