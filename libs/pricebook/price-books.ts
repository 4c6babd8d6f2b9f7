import { DomainError, type Id } from '@vend/kernel';
import type { Database, Tx } from '@vend/platform';
import { bookOfParts, readPriceDocument, type PricePart, type TariffBook, type TariffVersion } from '@vend/tariff';
import { parsePriceDocument } from './document-schema';
import type { PriceBookErrorCode } from './pricebook.errors';
import { contentHash, holdRevision, readDecided, readRevision, type StoredDocument } from './store/price-book.store';

/** A book as it was published at one of its revisions. What a vend stores of it finds exactly this again, for ever. */
export interface PublishedBook {
  readonly code: string;
  readonly revision: number;
  readonly tariffs: TariffBook;
}

/** Where a version came into force. */
export interface Publication {
  readonly documentId: Id;
  readonly revision: number;
  readonly version: TariffVersion;
}

const MAX_REVISION = 4_294_967_295;

/** Books are small; an auditor who walks through years meets a few dozen revisions. */
const CACHED_MAX = 500;

/**
 * The published books, for whoever prices. A revision never changes once it is committed, so what was read once is kept;
 * only the question "which is the latest?" goes to the database.
 */
export class PriceBooks {
  private readonly parts = new Map<Id, PricePart>();
  private readonly books = new Map<string, PublishedBook>();

  constructor(private readonly database: Database) {}

  /**
   * The book in force, held until the transaction ends: a revocation waits for it, and whoever comes after the revocation
   * gets the book without the revoked version.
   *
   * @throws {DomainError<PriceBookErrorCode>} price-book-unknown, price-document-tampered
   * @example const { tariffs, revision } = await books.hold(tx, 'first-light');
   */
  async hold(tx: Tx, code: string): Promise<PublishedBook> {
    const revision = await holdRevision(tx, code);
    return this.known(code, revision) ?? this.load(tx, code, revision);
  }

  /**
   * The book in force now, for quotes: they promise nothing and are priced again.
   *
   * @throws {DomainError<PriceBookErrorCode>} price-book-unknown, price-document-tampered
   */
  async latest(code: string): Promise<PublishedBook> {
    const reader = readerOf(this.database);
    const revision = await readRevision(reader, code);
    return this.known(code, revision) ?? this.load(reader, code, revision);
  }

  /**
   * The book as it was at a revision: what a stored vend was priced with.
   *
   * @throws {DomainError<PriceBookErrorCode>} price-book-unknown, price-document-tampered
   * @example (await books.at('first-light', 4)).tariffs.versionAt(vend.issuedAt).id
   */
  async at(code: string, revision: number): Promise<PublishedBook> {
    return this.known(code, revision) ?? this.load(readerOf(this.database), code, revision);
  }

  /**
   * The same within a transaction, on its own connection: whoever holds one and waits for another may be one of as many
   * as the pool has, and then nobody gets on.
   *
   * @throws {DomainError<PriceBookErrorCode>} price-book-unknown, price-document-tampered
   * @example (await books.atIn(tx, 'first-light', 4)).tariffs
   */
  async atIn(tx: Tx, code: string, revision: number): Promise<PublishedBook> {
    return this.known(code, revision) ?? this.load(tx, code, revision);
  }

  /**
   * A published version and the revision that published it; undefined: not published in this book, or no version.
   *
   * @throws {DomainError<PriceBookErrorCode>} price-document-tampered
   */
  async publication(code: string, documentCode: string): Promise<Publication | undefined> {
    const decided = await readDecided(readerOf(this.database), code, MAX_REVISION);
    const found = decided.find((one) => one.code === documentCode && one.action === 'publish');
    const part = found && this.partOf(found);
    if (!found || part?.kind !== 'tariff-version' || found.revision === null) return undefined;
    return { documentId: found.documentId, revision: found.revision, version: part.version };
  }

  /** The book at a revision, if it was read before. */
  known(code: string, revision: number | undefined): PublishedBook | undefined {
    return this.books.get(`${code}@${revision}`);
  }

  private async load(reader: Pick<Tx, 'query'>, code: string, revision: number | undefined): Promise<PublishedBook> {
    if (revision === undefined) throw new DomainError<PriceBookErrorCode>('price-book-unknown', { book: code });
    const decided = await readDecided(reader, code, revision);
    const revoked = new Set(decided.filter(({ action }) => action === 'revoke').map(({ documentId }) => documentId));
    const standing = decided.filter(({ action, documentId }) => action === 'publish' && !revoked.has(documentId));
    const tariffs = bookOfParts(
      code,
      standing.map((document) => this.partOf(document)),
    );
    const book: PublishedBook = { code, revision, tariffs };
    if (this.books.size >= CACHED_MAX) this.books.clear();
    this.books.set(`${code}@${revision}`, book);
    return book;
  }

  private partOf(document: StoredDocument): PricePart {
    let part = this.parts.get(document.documentId);
    if (!part) this.parts.set(document.documentId, (part = readStoredDocument(document)));
    return part;
  }
}

/** Reads a stored document into what prices. @throws {DomainError<PriceBookErrorCode>} price-document-tampered */
export function readStoredDocument({ code, content, sha256 }: StoredDocument): PricePart {
  if (!contentHash(content).equals(sha256)) {
    throw new DomainError<PriceBookErrorCode>('price-document-tampered', { document: code });
  }
  return readPriceDocument(parsePriceDocument(content));
}

function readerOf(database: Database): Pick<Tx, 'query'> {
  return { query: (sql, parameters) => database.read(sql, parameters) };
}
