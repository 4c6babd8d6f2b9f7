export { parsePriceDocument, priceDocumentSchema } from './document-schema';
export * from './pricebook.errors';
export { PriceBooks, type Publication, type PublishedBook } from './price-books';
export {
  checkDocument,
  draft,
  lintDocument,
  proposeRevocation,
  publish,
  revoke,
  type By,
  type Draft,
} from './publishing';
export {
  listDocuments,
  priceBookCodes,
  showDocument,
  type DocumentStanding,
  type DocumentState,
  type ShownDocument,
} from './standing';
