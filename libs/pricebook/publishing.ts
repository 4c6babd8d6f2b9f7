import { DomainError, newId, type InstantMs } from '@vend/kernel';
import type { Database, Tx } from '@vend/platform';
import {
  bookOfParts,
  lintFeeSchedule,
  lintRebateProfile,
  lintRechargeLimits,
  lintVersion,
  readPriceDocument,
  type LintFinding,
  type PricePart,
  type TariffErrorCode,
} from '@vend/tariff';
import { parsePriceDocument } from './document-schema';
import { readStoredDocument } from './price-books';
import type { PriceBookErrorCode } from './pricebook.errors';
import {
  contentHash,
  findDocument,
  insertDecision,
  insertDocument,
  insertProposal,
  lockRevision,
  readProposals,
  readRevision,
  type PriceAction,
  type ProposalRow,
} from './store/price-book.store';

/** A person and the moment: `username` of an account that may publish, checked by the caller. */
export interface By {
  readonly username: string;
  readonly at: InstantMs;
}

export interface Draft {
  readonly code: string;
  readonly sha256: string;
  readonly warnings: readonly LintFinding[];
  /** True when exactly this was drafted before. */
  readonly existed: boolean;
}

/**
 * What the lint says of a document by itself.
 *
 * @throws {DomainError} price-document-invalid; tariff-book-invalid for a decimal that is none
 */
export function lintDocument(text: string): { code: string; part: PricePart; findings: LintFinding[] } {
  const document = parsePriceDocument(text);
  let part: PricePart;
  try {
    part = readPriceDocument(document);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const facts = { where: document.id, reason: error.message };
    throw new DomainError<TariffErrorCode>('tariff-book-invalid', facts, { cause: error });
  }
  return { code: document.id, part, findings: lintPart(part) };
}

/** What the lint says of a document that was read. */
export function lintPart(part: PricePart): LintFinding[] {
  switch (part.kind) {
    case 'tariff-version':
      return lintVersion(part.version);
    case 'rebate-profile':
      return lintRebateProfile(part.profile);
    case 'recharge-limits':
      return lintRechargeLimits(part.limits);
    case 'service-fees':
      return lintFeeSchedule(part.schedule);
  }
}

/**
 * What would be said if a document were entered into a book now: the lint's findings, and a contradiction with what
 * stands there as one more. Stores nothing.
 *
 * @throws {DomainError} price-document-invalid; tariff-book-invalid for a decimal that is none; price-book-unknown
 * @example (await checkDocument(database, 'first-light', text)).findings.some(({ severity }) => severity === 'error')
 */
export async function checkDocument(
  database: Database,
  book: string,
  text: string,
): Promise<{ readonly code: string; readonly part: PricePart; readonly findings: readonly LintFinding[] }> {
  const { code, part, findings } = lintDocument(text);
  const reader = { query: database.read.bind(database) };
  if ((await readRevision(reader, book)) === undefined) {
    throw new DomainError<PriceBookErrorCode>('price-book-unknown', { book });
  }
  if (findings.some(({ severity }) => severity === 'error')) return { code, part, findings };
  try {
    const others = standingParts((await readProposals(reader, book)).filter((one) => one.code !== code));
    bookOfParts(book, [...others, part]);
    return { code, part, findings };
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'tariff-book-invalid') throw error;
    const { where, reason, reasonBn } = error.facts as Readonly<Record<'where' | 'reason' | 'reasonBn', string>>;
    return { code, part, findings: [...findings, { severity: 'error', where, problem: reason, problemBn: reasonBn }] };
  }
}

/**
 * Enters a document as a draft of a book: stored as it is, for ever, and proposed for publication. It prices nothing
 * until a second person publishes it.
 *
 * @throws {DomainError} price-document-invalid, tariff-book-invalid (with the contradiction, also with what the book
 *   holds already), price-document-exists, price-proposal-exists, price-book-unknown
 * @example await draft(tx, 'first-light', fileText, { username: 'selim', at: Date.now() })
 */
export async function draft(tx: Tx, book: string, text: string, by: By): Promise<Draft> {
  const { code, part, findings } = lintDocument(text);
  await lockOrRefuse(tx, book);
  const proposals = await readProposals(tx, book);
  const sha256 = contentHash(text);
  const stored = await findDocument(tx, code);
  if (stored && !stored.sha256.equals(sha256)) {
    throw new DomainError<PriceBookErrorCode>('price-document-exists', { document: code });
  }
  const existed = proposals.some((one) => one.code === code && one.action === 'publish');
  const drafted: Draft = {
    code,
    sha256: sha256.toString('hex'),
    warnings: findings.filter(({ severity }) => severity === 'warning'),
    existed,
  };
  if (existed) return drafted;
  bookOfParts(book, [...standingParts(proposals), part]);
  const documentId = stored?.documentId ?? newId(by.at);
  if (!stored) {
    const document = { documentId, kind: part.kind, code, content: text, sha256, madeBy: by.username };
    await insertDocument(tx, document, by.at);
  }
  const proposedBy = by.username;
  await insertProposal(
    tx,
    { proposalId: newId(by.at), action: 'publish', book, documentId, reason: null, proposedBy },
    by.at,
  );
  return drafted;
}

/**
 * Publishes a draft: from the commit on every price is reckoned with it.
 *
 * @returns the book's new revision
 * @throws {DomainError} second-person-needed, price-proposal-missing, tariff-book-invalid (what was published meanwhile
 *   contradicts it), price-book-unknown
 */
export function publish(tx: Tx, book: string, code: string, by: By): Promise<number> {
  return decide(tx, book, code, 'publish', by);
}

/**
 * Proposes to withdraw a published document.
 *
 * @throws {DomainError} price-document-unknown (not published here), price-proposal-exists, price-book-unknown
 */
export async function proposeRevocation(tx: Tx, book: string, code: string, reason: string, by: By): Promise<void> {
  await lockOrRefuse(tx, book);
  const proposals = await readProposals(tx, book);
  const published = proposals.find((one) => one.code === code && one.action === 'publish' && one.revision !== null);
  if (!published) throw new DomainError<PriceBookErrorCode>('price-document-unknown', { document: code, book });
  if (proposals.some((one) => one.code === code && one.action === 'revoke')) {
    throw new DomainError<PriceBookErrorCode>('price-proposal-exists', { document: code, book });
  }
  const { documentId } = published;
  const proposedBy = by.username;
  await insertProposal(tx, { proposalId: newId(by.at), action: 'revoke', book, documentId, reason, proposedBy }, by.at);
}

/**
 * Withdraws a published document: no recharge that commits after this one is priced with it.
 *
 * @returns the book's new revision
 * @throws {DomainError} second-person-needed, price-proposal-missing, price-book-unknown
 */
export function revoke(tx: Tx, book: string, code: string, by: By): Promise<number> {
  return decide(tx, book, code, 'revoke', by);
}

async function decide(tx: Tx, book: string, code: string, action: PriceAction, by: By): Promise<number> {
  const revision = (await lockOrRefuse(tx, book)) + 1;
  const proposals = await readProposals(tx, book);
  const open = proposals.find((one) => one.code === code && one.action === action && one.revision === null);
  if (!open) throw new DomainError<PriceBookErrorCode>('price-proposal-missing', { document: code, book, action });
  if (open.proposedBy === by.username || (action === 'publish' && open.madeBy === by.username)) {
    throw new DomainError<PriceBookErrorCode>('second-person-needed', { document: code, proposedBy: by.username });
  }
  if (action === 'publish') bookOfParts(book, [...standingParts(proposals), readStoredDocument(open)]);
  await insertDecision(tx, book, open, { revision, approvedBy: by.username, at: by.at });
  return revision;
}

/** What of these proposals is published and stands. */
function standingParts(proposals: readonly ProposalRow[]): PricePart[] {
  const decided = proposals.filter(({ revision }) => revision !== null);
  const revoked = new Set(decided.filter(({ action }) => action === 'revoke').map(({ code }) => code));
  return decided.filter(({ action, code }) => action === 'publish' && !revoked.has(code)).map(readStoredDocument);
}

async function lockOrRefuse(tx: Tx, book: string): Promise<number> {
  const revision = await lockRevision(tx, book);
  if (revision === undefined) throw new DomainError<PriceBookErrorCode>('price-book-unknown', { book });
  return revision;
}
