/** Proves that the price documents which the migration brings are, to the letter, the reviewed ones that the tariff room ships. */
import { reviewedDocuments } from '@vend/tariff';
import { parsePriceDocument } from '@vend/pricebook';
import released from '../../libs/platform/migrations/0003-price-book.data.json';

it('is the same list, document for document and book for book', () => {
  expect(released).toEqual(JSON.parse(JSON.stringify(reviewedDocuments)));
  expect(released.length).toBeGreaterThan(8);
});

it.each(released.map(({ document }) => [document.id, document] as const))('%s passes the form', (_, document) => {
  expect(parsePriceDocument(JSON.stringify(document))).toEqual(document);
});
