import { Inject, Injectable } from '@nestjs/common';
import { Approvals, recordAudit, useApproval, type ApprovalKind, type SessionUser } from '@vend/identity';
import { DomainError, isDomainError, type Id } from '@vend/kernel';
import { Database, type Tx } from '@vend/platform';
import {
  draft,
  listDocuments,
  priceBookCodes,
  proposeRevocation,
  publish,
  revoke,
  showDocument,
  type By,
  type PriceBookErrorCode,
  type ShownDocument,
} from '@vend/pricebook';
import { VENDING_SETTINGS, type VendingModuleSettings } from '@vend/vending';

/** What is to be decided, by whom it is asked, and why. */
export interface TariffDecision {
  readonly user: SessionUser;
  /** The Idempotency-Key. */
  readonly key: Id;
  readonly book: string;
  readonly code: string;
  readonly reason: string;
}

/** Decided, or waiting for a second person. */
export type Decided = { readonly document: ShownDocument } | { readonly approvalId: Id };

/** What to do once a second person has said yes. @returns the book's new revision */
type Act = (tx: Tx, asker: By, approver: By) => Promise<number>;

const isCode = (error: unknown, code: PriceBookErrorCode) => isDomainError(error) && error.code === code;

/** The price book in HTTP's words: who enters a document, who asks for it, and who is the second person. */
@Injectable()
export class TariffDesk {
  constructor(
    private readonly database: Database,
    private readonly approvals: Approvals,
    @Inject(VENDING_SETTINGS) private readonly settings: Pick<VendingModuleSettings, 'book'>,
  ) {}

  /** The book that is sold by. */
  get soldBy(): string {
    return this.settings.book;
  }

  bookOf({ book }: { readonly book?: string }): string {
    return book ?? this.settings.book;
  }

  books(): Promise<string[]> {
    return priceBookCodes(this.database);
  }

  /** Every document of a book, the latest first. @throws {DomainError} price-book-unknown */
  async list(book: string) {
    const [books, found] = await Promise.all([this.books(), listDocuments(this.database, Date.now(), book)]);
    if (!books.includes(book)) throw new DomainError<PriceBookErrorCode>('price-book-unknown', { book });
    return found.sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? 1 : a.effectiveFrom > b.effectiveFrom ? -1 : 0));
  }

  /** @throws {DomainError} price-document-unknown */
  show(book: string, code: string): Promise<ShownDocument> {
    return showDocument(this.database, Date.now(), book, code);
  }

  /** Stores a document as a draft, once. @throws {DomainError} what `draft` of the price book throws */
  async draft(user: SessionUser, book: string, text: string): Promise<{ document: ShownDocument; existed: boolean }> {
    const by = { username: user.username, at: Date.now() };
    const { code, existed } = await this.database.transaction(async (tx) => {
      const drafted = await draft(tx, book, text, by);
      if (!drafted.existed) await this.audit(tx, 'price-drafted', drafted.code, by, { book, sha256: drafted.sha256 });
      return drafted;
    });
    return { document: await this.show(book, code), existed };
  }

  /**
   * Puts a draft into force, with a second person's word; of one that is in force already it says so.
   *
   * @throws {DomainError} second-person-needed: who drafted it said yes to it; price-proposal-missing: it was withdrawn;
   *   tariff-book-invalid; what `gate` throws
   */
  publish(decision: TariffDecision): Promise<Decided> {
    const { book, code } = decision;
    return this.decided(
      'tariff',
      decision,
      ({ revision }) => revision !== null,
      (tx, _asker, approver) => publish(tx, book, code, approver),
    );
  }

  /**
   * Withdraws a published document, with a second person's word: no recharge from then on is priced with it.
   *
   * @throws {DomainError} price-document-unknown: never published here; second-person-needed; what `gate` throws
   */
  revoke(decision: TariffDecision): Promise<Decided> {
    const { book, code, reason } = decision;
    return this.decided(
      'tariff-revocation',
      decision,
      ({ revokedBy }) => revokedBy !== null,
      async (tx, asker, approver) => {
        try {
          await proposeRevocation(tx, book, code, reason, asker);
          await this.audit(tx, 'price-revocation-proposed', code, asker, { book, reason });
        } catch (error) {
          // Proposed at a terminal before: that proposal is what the second person decides.
          if (!isCode(error, 'price-proposal-exists')) throw error;
        }
        return revoke(tx, book, code, approver);
      },
    );
  }

  private async decided(
    kind: Extract<ApprovalKind, 'tariff' | 'tariff-revocation'>,
    { user, key, book, code, reason }: TariffDecision,
    isDone: (document: ShownDocument) => boolean,
    act: Act,
  ): Promise<Decided> {
    const document = await this.show(book, code);
    if (document.state === 'revoked' && kind === 'tariff') {
      throw new DomainError<PriceBookErrorCode>('price-proposal-missing', { document: code, book });
    }
    if (isDone(document)) return { document };
    if (document.state === 'draft' && kind === 'tariff-revocation') {
      throw new DomainError<PriceBookErrorCode>('price-document-unknown', { document: code, book });
    }
    const { effectiveFrom, endsOn, sha256, madeBy } = document;
    const content = { ...{ book, document: code, kind: document.kind, effectiveFrom, endsOn, madeBy }, sha256 };
    const gate = await this.approvals.gate({ kind, key, subject: `price:${code}`, content, reason, by: user });
    if (gate.state === 'pending') return { approvalId: gate.approvalId };
    const { approvalId, approvedBy } = gate;
    const at = Date.now();
    const [asker, approver] = [user.username, approvedBy.replace(/^user:/, '')].map((username) => ({ username, at }));
    try {
      await this.database.transaction(async (tx) => {
        const revision = await act(tx, asker!, approver!);
        await useApproval(tx, approvalId, `price:${code}`, at);
        const action = kind === 'tariff' ? 'price-published' : 'price-revoked';
        await this.audit(tx, action, code, asker!, { book, revision, approvalId, approvedBy });
      });
    } catch (error) {
      // The same request twice at once: the other has done it.
      if (!isDone(await this.show(book, code))) throw error;
    }
    return { document: await this.show(book, code) };
  }

  private audit(
    tx: Tx,
    action: 'price-drafted' | 'price-published' | 'price-revocation-proposed' | 'price-revoked',
    code: string,
    { username, at }: By,
    detail: Readonly<Record<string, string | number>>,
  ): Promise<void> {
    return recordAudit(tx, { actor: `user:${username}`, action, subject: `price:${code}`, detail, at });
  }
}
