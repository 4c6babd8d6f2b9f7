import { createHash, randomUUID } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import released from './0003-price-book.data.json';

const TABLE = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci';

interface Released {
  readonly document: { readonly kind: string; readonly id: string };
  readonly books: readonly string[];
}

/** Each released document makes one revision of a book; until now every vend was priced with this book. */
const SEEDED_REVISION = (released as readonly Released[]).filter(({ books }) => books.includes('first-light')).length;

/**
 * The price book: every tariff version, rebate, limit and fee schedule as a reviewed document that is inserted once and
 * never changed; who proposed and who approved it, two people; and beside each vend the revision it was priced under.
 *
 * What a person enters is `people`; `release` marks what came with a migration, reviewed as code. The application's user
 * cannot write that mark (grants.ts), so it cannot get around the two people. `made_by` and the like name `users`.
 */
const STATEMENTS = [
  // One row a book: whoever prices holds it shared to the end of the transaction, whoever publishes holds it alone.
  `CREATE TABLE price_books (
    code VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin PRIMARY KEY,
    name VARCHAR(120) NOT NULL,
    locked_at DATETIME(3) NULL
  ) ${TABLE}`,
  `CREATE TABLE price_documents (
    id BINARY(16) PRIMARY KEY,
    origin ENUM('people', 'release') NOT NULL DEFAULT 'people',
    kind ENUM('tariff-version', 'rebate-profile', 'recharge-limits', 'service-fees') NOT NULL,
    code VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL UNIQUE,
    content MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    content_sha256 BINARY(32) NOT NULL,
    made_by VARCHAR(40) CHARACTER SET ascii NULL,
    made_at DATETIME(3) NOT NULL,
    CONSTRAINT fk_price_documents_maker FOREIGN KEY (made_by) REFERENCES users (username),
    CONSTRAINT ck_price_documents_hash CHECK (content_sha256 = UNHEX(SHA2(content, 256))),
    CONSTRAINT ck_price_documents_maker CHECK ((origin = 'release') = (made_by IS NULL))
  ) ${TABLE}`,
  // A draft is a document with a proposal and no decision.
  `CREATE TABLE price_proposals (
    id BINARY(16) PRIMARY KEY,
    origin ENUM('people', 'release') NOT NULL DEFAULT 'people',
    action ENUM('publish', 'revoke') NOT NULL,
    book VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    document_id BINARY(16) NOT NULL,
    reason VARCHAR(200) NULL,
    proposed_by VARCHAR(40) CHARACTER SET ascii NULL,
    proposed_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_price_proposals_once (book, document_id, action),
    UNIQUE KEY uq_price_proposals_whole (id, action, book, document_id),
    UNIQUE KEY uq_price_proposals_maker (id, proposed_by),
    CONSTRAINT fk_price_proposals_book FOREIGN KEY (book) REFERENCES price_books (code),
    CONSTRAINT fk_price_proposals_document FOREIGN KEY (document_id) REFERENCES price_documents (id),
    CONSTRAINT fk_price_proposals_maker FOREIGN KEY (proposed_by) REFERENCES users (username),
    CONSTRAINT ck_price_proposals_maker CHECK ((origin = 'release') = (proposed_by IS NULL)),
    CONSTRAINT ck_price_proposals_reason CHECK (action = 'publish' OR reason IS NOT NULL)
  ) ${TABLE}`,
  // The second person's word. It repeats the proposal, so that the constraints can see both people in one row; a revision
  // is used once, so that what a book said at an earlier one cannot be changed any more.
  `CREATE TABLE price_decisions (
    proposal_id BINARY(16) PRIMARY KEY,
    origin ENUM('people', 'release') NOT NULL DEFAULT 'people',
    action ENUM('publish', 'revoke') NOT NULL,
    book VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    document_id BINARY(16) NOT NULL,
    revision INT UNSIGNED NOT NULL,
    proposed_by VARCHAR(40) CHARACTER SET ascii NULL,
    approved_by VARCHAR(40) CHARACTER SET ascii NULL,
    approved_at DATETIME(3) NOT NULL,
    UNIQUE KEY uq_price_decisions_revision (book, revision),
    CONSTRAINT fk_price_decisions_proposal FOREIGN KEY (proposal_id, action, book, document_id)
      REFERENCES price_proposals (id, action, book, document_id),
    CONSTRAINT fk_price_decisions_maker FOREIGN KEY (proposal_id, proposed_by)
      REFERENCES price_proposals (id, proposed_by),
    CONSTRAINT fk_price_decisions_checker FOREIGN KEY (approved_by) REFERENCES users (username),
    CONSTRAINT ck_price_decisions_revision CHECK (revision > 0),
    CONSTRAINT ck_price_decisions_two_people CHECK (
      (origin = 'release' AND proposed_by IS NULL AND approved_by IS NULL)
      OR (origin = 'people' AND proposed_by IS NOT NULL AND approved_by IS NOT NULL AND approved_by <> proposed_by))
  ) ${TABLE}`,
  // What a retroactive order left due, once for each meter; it moves to the meter's state in the same transaction.
  `CREATE TABLE tariff_adjustments (
    document_id BINARY(16) NOT NULL,
    meter_id BINARY(16) NOT NULL,
    due_paisa BIGINT NOT NULL,
    vends INT UNSIGNED NOT NULL,
    made_at DATETIME(3) NOT NULL,
    PRIMARY KEY (document_id, meter_id),
    CONSTRAINT fk_tariff_adjustments_document FOREIGN KEY (document_id) REFERENCES price_documents (id),
    CONSTRAINT fk_tariff_adjustments_meter FOREIGN KEY (meter_id) REFERENCES meters (id)
  ) ${TABLE}`,
  `ALTER TABLE meter_states
    ADD COLUMN arrears_plan VARCHAR(300) CHARACTER SET ascii NULL,
    ADD COLUMN pfc_due_paisa BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN penalty_due_paisa BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN adjustment_due_paisa BIGINT NOT NULL DEFAULT 0,
    ADD CONSTRAINT ck_meter_states_dues CHECK (pfc_due_paisa >= 0 AND penalty_due_paisa >= 0)`,
  // Vends of before this migration were priced with the released documents, all of them.
  `ALTER TABLE vends
    ADD COLUMN lifeline_credit_paisa BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN adjustment_paisa BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN price_revision INT UNSIGNED NOT NULL DEFAULT ${SEEDED_REVISION},
    DROP CONSTRAINT ck_vends_parts_sum,
    ADD CONSTRAINT ck_vends_parts_sum CHECK (
      gross_paisa = vat_paisa + rent_paisa + demand_paisa + arrears_paisa + pfc_paisa + penalty_paisa + adjustment_paisa
        - rebate_paisa - lifeline_credit_paisa + energy_paisa + remainder_out_paisa - remainder_in_paisa),
    ADD CONSTRAINT ck_vends_lifeline_credit CHECK (lifeline_credit_paisa >= 0)`,
  // A vend is taken back once: the row is the fact, and says who and why.
  `CREATE TABLE vend_cancellations (
    vend_id BINARY(16) PRIMARY KEY,
    reason VARCHAR(200) NOT NULL,
    cancelled_by VARCHAR(60) CHARACTER SET ascii NOT NULL,
    cancelled_at DATETIME(3) NOT NULL,
    CONSTRAINT fk_vend_cancellations_vend FOREIGN KEY (vend_id) REFERENCES vends (id)
  ) ${TABLE}`,
];

const BOOK_NAMES: Readonly<Record<string, string>> = {
  'first-light': 'The tariff of 2020 with the rebate of NESCO, without an end',
  'nesco-history': 'NESCO through the years',
  'desco-history': 'DESCO through the years',
  'bpdb-history': 'BPDB through the years',
};

export class PriceBook1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
    await runner.query('INSERT INTO price_books (code, name) VALUES ?', [Object.entries(BOOK_NAMES)]);
    const revisions = new Map<string, number>();
    for (const one of released as readonly Released[]) await publish(runner, one, revisions);
    await runner.query('ALTER TABLE vends ALTER COLUMN price_revision DROP DEFAULT');
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}

/** Publishes a released document in its books, each time as the book's next revision. */
async function publish(
  runner: QueryRunner,
  { document, books }: Released,
  revisions: Map<string, number>,
): Promise<void> {
  const at = new Date();
  const documentId = newRowId();
  const content = JSON.stringify(document);
  const hash = createHash('sha256').update(content).digest();
  await runner.query(
    `INSERT INTO price_documents (id, origin, kind, code, content, content_sha256, made_at) VALUES (?)`,
    [[documentId, 'release', document.kind, document.id, content, hash, at]],
  );
  for (const book of books) {
    const revision = (revisions.get(book) ?? 0) + 1;
    revisions.set(book, revision);
    const proposalId = newRowId();
    await runner.query(`INSERT INTO price_proposals (id, origin, action, book, document_id, proposed_at) VALUES (?)`, [
      [proposalId, 'release', 'publish', book, documentId, at],
    ]);
    await runner.query(
      `INSERT INTO price_decisions (proposal_id, origin, action, book, document_id, revision, approved_at) VALUES (?)`,
      [[proposalId, 'release', 'publish', book, documentId, revision, at]],
    );
  }
}

function newRowId(): Buffer {
  return Buffer.from(randomUUID().replaceAll('-', ''), 'hex');
}
