/* Proves that the counter's page prints the words that PDF, picture and plain print have: a customer must not get two receipts that differ. */
import * as page from '../../apps/pos/src/counter/receipt-words';
import { KIND_TITLES, PAPER_WORDS, TOKEN_WORDS } from '@vend/receipts';

it('calls every kind of receipt and of token the same', () => {
  expect(page.KIND_TITLES).toEqual(KIND_TITLES);
  expect(page.TOKEN_WORDS).toEqual(TOKEN_WORDS);
});

it.each(Object.entries(page.RECEIPT_WORDS))('says %s in the same words', (name, words) => {
  expect(PAPER_WORDS).toHaveProperty(name, words);
});
