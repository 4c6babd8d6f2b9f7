import { DomainError, dhakaDay, type InstantMs } from '@vend/kernel';
import type { Database } from '@vend/platform';
import type { LintFinding, PriceDocumentKind, PricePart } from '@vend/tariff';
import { readStoredDocument } from './price-books';
import type { PriceBookErrorCode } from './pricebook.errors';
import { lintPart } from './publishing';
import { readBookCodes, readProposals, type ProposalRow } from './store/price-book.store';

/** Where a document stands in a book. `superseded`: published, and a later one of its kind is in effect. */
export type DocumentState = 'draft' | 'published' | 'superseded' | 'revocation-proposed' | 'revoked';

/** One document of a book, for a person to look at. */
export interface DocumentStanding {
  readonly book: string;
  readonly code: string;
  readonly kind: PriceDocumentKind;
  readonly state: DocumentState;
  readonly effectiveFrom: string;
  readonly endsOn: string | null;
  /** null: came with a release. */
  readonly madeBy: string | null;
  readonly publishedBy: string | null;
  /** Revision of the book that published it; null: a draft. */
  readonly revision: number | null;
  readonly revokedBy: string | null;
  readonly revocationReason: string | null;
  readonly sha256: string;
}

/**
 * Every document of every book, or of one, with its state at an instant.
 *
 * @example (await listDocuments(database, Date.now(), 'first-light')).map(({ code, state }) => `${code}: ${state}`)
 */
export async function listDocuments(database: Database, at: InstantMs, book?: string): Promise<DocumentStanding[]> {
  const reader = { query: database.read.bind(database) };
  const codes = book === undefined ? await readBookCodes(reader) : [book];
  const lists = await Promise.all(codes.map(async (code) => standingsOf(code, await readProposals(reader, code), at)));
  return lists.flat();
}

/** One document with all that is known of it. */
export interface ShownDocument extends DocumentStanding {
  /** The JSON text that was entered: what the hash is over. */
  readonly content: string;
  readonly part: PricePart;
  readonly findings: readonly LintFinding[];
}

/**
 * One document of a book, whole.
 *
 * @throws {DomainError<PriceBookErrorCode>} price-document-unknown, price-document-tampered
 * @example (await showDocument(database, Date.now(), 'first-light', 'bd-retail-2020-03')).findings
 */
export async function showDocument(
  database: Database,
  at: InstantMs,
  book: string,
  code: string,
): Promise<ShownDocument> {
  const proposals = await readProposals({ query: database.read.bind(database) }, book);
  const stored = proposals.find((one) => one.action === 'publish' && one.code === code);
  const standing = standingsOf(book, proposals, at).find((one) => one.code === code);
  if (!stored || !standing) throw new DomainError<PriceBookErrorCode>('price-document-unknown', { document: code });
  const part = readStoredDocument(stored);
  return { ...standing, content: stored.content, part, findings: lintPart(part) };
}

/** The names of the books. @example await priceBookCodes(database) // ['bpdb-history', 'desco-history', 'first-light', …] */
export function priceBookCodes(database: Database): Promise<string[]> {
  return readBookCodes({ query: database.read.bind(database) });
}

function standingsOf(book: string, proposals: readonly ProposalRow[], at: InstantMs): DocumentStanding[] {
  const today = dhakaDay(at);
  const listed = proposals
    .filter(({ action }) => action === 'publish')
    .map((publication) => {
      const revocation = proposals.find((one) => one.action === 'revoke' && one.code === publication.code);
      const dates = JSON.parse(publication.content) as { effectiveFrom: string; endsOn?: string | null };
      return { publication, revocation, dates };
    });
  const standing = listed.filter(
    ({ publication, revocation }) => publication.revision !== null && (revocation?.revision ?? null) === null,
  );
  return listed.map((one) => {
    const { publication, revocation, dates } = one;
    const superseded = standing.some(
      (other) =>
        other.publication.kind === publication.kind &&
        other.dates.effectiveFrom > dates.effectiveFrom &&
        other.dates.effectiveFrom <= today,
    );
    return {
      book,
      code: publication.code,
      kind: publication.kind,
      state: stateOf(publication, revocation, superseded),
      effectiveFrom: dates.effectiveFrom,
      endsOn: dates.endsOn ?? null,
      madeBy: publication.proposedBy,
      publishedBy: publication.approvedBy,
      revision: publication.revision,
      revokedBy: revocation?.approvedBy ?? null,
      revocationReason: revocation?.reason ?? null,
      sha256: publication.sha256.toString('hex'),
    };
  });
}

function stateOf(publication: ProposalRow, revocation: ProposalRow | undefined, superseded: boolean): DocumentState {
  if (publication.revision === null) return 'draft';
  if (revocation) return revocation.revision === null ? 'revocation-proposed' : 'revoked';
  return superseded ? 'superseded' : 'published';
}
