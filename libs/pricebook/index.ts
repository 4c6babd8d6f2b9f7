export { parsePriceDocument, priceDocumentSchema } from './document-schema';
export * from './pricebook.errors';
export { PriceBooks, type Publication, type PublishedBook } from './price-books';
export { draft, lintDocument, proposeRevocation, publish, revoke, type By, type Draft } from './publishing';
export { listDocuments, type DocumentStanding, type DocumentState } from './standing';
