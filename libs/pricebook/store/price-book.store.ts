import { createHash } from 'node:crypto';
import { idFromBytes, idToBytes, type Id, type InstantMs } from '@vend/kernel';
import type { Row, Tx } from '@vend/platform';
import type { PriceDocumentKind } from '@vend/tariff';

type Reader = Pick<Tx, 'query'>;

export type PriceAction = 'publish' | 'revoke';

/** A document as it is stored: never changed. */
export interface StoredDocument {
  readonly documentId: Id;
  readonly kind: PriceDocumentKind;
  readonly code: string;
  readonly content: string;
  readonly sha256: Buffer;
  /** null: came with a release. */
  readonly madeBy: string | null;
}

/** A document with what was proposed and decided about it in one book. */
export interface ProposalRow extends StoredDocument {
  readonly proposalId: Id;
  readonly action: PriceAction;
  readonly proposedBy: string | null;
  readonly proposedAt: InstantMs;
  readonly reason: string | null;
  /** null: not decided. */
  readonly revision: number | null;
  readonly approvedBy: string | null;
  readonly approvedAt: InstantMs | null;
}

/** SHA-256 over the UTF-8 text, as the table's CHECK reckons it. */
export function contentHash(content: string): Buffer {
  return createHash('sha256').update(content, 'utf8').digest();
}

/**
 * The book's latest revision, held shared until the transaction ends: nobody can publish or revoke in between, so what is
 * priced with it is priced with what is in force when it commits. undefined: no such book.
 */
export async function holdRevision(tx: Tx, book: string): Promise<number | undefined> {
  // The inner lock makes it a current read: it sees what was committed while the outer one waited.
  const [row] = await tx.query<Row & { revision: number | null }>(
    `SELECT (SELECT MAX(d.revision) FROM price_decisions d WHERE d.book = b.code LOCK IN SHARE MODE) AS revision
     FROM price_books b WHERE b.code = ? LOCK IN SHARE MODE`,
    [book],
  );
  return row && (row.revision ?? 0);
}

/** The same, held alone: for whoever publishes. Waits for the recharges under way. */
export async function lockRevision(tx: Tx, book: string): Promise<number | undefined> {
  const [locked] = await tx.query('SELECT code FROM price_books WHERE code = ? FOR UPDATE', [book]);
  return locked && readRevision(tx, book);
}

/** The latest revision as of now; undefined: no such book. */
export async function readRevision(reader: Reader, book: string): Promise<number | undefined> {
  const [row] = await reader.query<Row & { revision: number | null }>(
    `SELECT (SELECT MAX(d.revision) FROM price_decisions d WHERE d.book = b.code) AS revision
     FROM price_books b WHERE b.code = ?`,
    [book],
  );
  return row && (row.revision ?? 0);
}

/** Every proposal of a book, oldest first, decided ones with their decision. */
export async function readProposals(reader: Reader, book: string): Promise<ProposalRow[]> {
  const rows = await reader.query<Row>(`${PROPOSALS} WHERE p.book = ? ORDER BY p.proposed_at, p.id`, [book]);
  return rows.map(proposalOf);
}

/** What was published and revoked in a book up to a revision, in the order of the revisions. */
export async function readDecided(reader: Reader, book: string, revision: number): Promise<ProposalRow[]> {
  const rows = await reader.query<Row>(`${PROPOSALS} WHERE d.book = ? AND d.revision <= ? ORDER BY d.revision`, [
    book,
    revision,
  ]);
  return rows.map(proposalOf);
}

/** The books there are, by name. */
export async function readBookCodes(reader: Reader): Promise<string[]> {
  const rows = await reader.query<Row & { code: string }>('SELECT code FROM price_books ORDER BY code');
  return rows.map(({ code }) => code);
}

/** The document of a code, whatever became of it. */
export async function findDocument(reader: Reader, code: string): Promise<StoredDocument | undefined> {
  const [row] = await reader.query<Row>(
    `SELECT id AS document_id, kind, code, content, content_sha256, made_by FROM price_documents WHERE code = ?`,
    [code],
  );
  return row && documentOf(row);
}

export async function insertDocument(tx: Tx, document: StoredDocument, at: InstantMs): Promise<void> {
  const { documentId, kind, code, content, sha256, madeBy } = document;
  await tx.write('INSERT INTO price_documents (id, kind, code, content, content_sha256, made_by, made_at) VALUES (?)', [
    [idToBytes(documentId), kind, code, content, sha256, madeBy, new Date(at)],
  ]);
}

/** What a person proposes. */
export interface NewProposal {
  readonly proposalId: Id;
  readonly action: PriceAction;
  readonly book: string;
  readonly documentId: Id;
  readonly reason: string | null;
  readonly proposedBy: string;
}

export async function insertProposal(tx: Tx, proposal: NewProposal, at: InstantMs): Promise<void> {
  const { proposalId, action, book, documentId, reason, proposedBy } = proposal;
  await tx.write(
    'INSERT INTO price_proposals (id, action, book, document_id, reason, proposed_by, proposed_at) VALUES (?)',
    [[idToBytes(proposalId), action, book, idToBytes(documentId), reason, proposedBy, new Date(at)]],
  );
}

/** What another person approves, as the book's next revision. */
export async function insertDecision(
  tx: Tx,
  book: string,
  proposal: ProposalRow,
  decision: { readonly revision: number; readonly approvedBy: string; readonly at: InstantMs },
): Promise<void> {
  const { proposalId, action, documentId, proposedBy } = proposal;
  const { revision, approvedBy, at } = decision;
  await tx.write(
    `INSERT INTO price_decisions
       (proposal_id, action, book, document_id, revision, proposed_by, approved_by, approved_at) VALUES (?)`,
    [[idToBytes(proposalId), action, book, idToBytes(documentId), revision, proposedBy, approvedBy, new Date(at)]],
  );
}

const PROPOSALS = `SELECT p.id AS proposal_id, p.action, p.proposed_by, p.proposed_at, p.reason,
    d.revision, d.approved_by, d.approved_at,
    c.id AS document_id, c.kind, c.code, c.content, c.content_sha256, c.made_by
  FROM price_proposals p
  JOIN price_documents c ON c.id = p.document_id
  LEFT JOIN price_decisions d ON d.proposal_id = p.id`;

function documentOf(row: Row): StoredDocument {
  return {
    documentId: idFromBytes(row['document_id'] as Buffer),
    kind: row['kind'] as PriceDocumentKind,
    code: row['code'] as string,
    content: row['content'] as string,
    sha256: row['content_sha256'] as Buffer,
    madeBy: row['made_by'] as string | null,
  };
}

function proposalOf(row: Row): ProposalRow {
  return {
    ...documentOf(row),
    proposalId: idFromBytes(row['proposal_id'] as Buffer),
    action: row['action'] as PriceAction,
    proposedBy: row['proposed_by'] as string | null,
    proposedAt: (row['proposed_at'] as Date).getTime(),
    reason: row['reason'] as string | null,
    revision: row['revision'] as number | null,
    approvedBy: row['approved_by'] as string | null,
    approvedAt: (row['approved_at'] as Date | null)?.getTime() ?? null,
  };
}
