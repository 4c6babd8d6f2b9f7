import { idFromBytes, idToBytes, type Id } from '@vend/kernel';
import { hexLiteral, idLiteral, integerLiteral, type Database, type Reader, type Tx } from '@vend/platform';
import { NAME_RULE, officeKey, turnedHex, turnedNames } from '../search/name-words';
import { rangeAfter, type NameQuestion } from '../search/name-question';

/** What of a customer is searched by name. */
export interface NamedCustomer {
  readonly id: Id;
  readonly name: string;
  readonly office: string;
}

/**
 * Puts new customers into the index of names. Part of storing a customer: call it in the same transaction.
 *
 * @example await indexCustomers(tx, [{ id, name: 'মোঃ রহিম', office: 'Natore S&D' }])
 */
export async function indexCustomers(tx: Pick<Tx, 'write'>, customers: readonly NamedCustomer[]): Promise<void> {
  const statement = wordsStatement(customers);
  if (statement !== undefined) await tx.write(statement);
}

/** The statement that puts them in; undefined when none of their names has a letter. */
export function wordsStatement(customers: readonly NamedCustomer[]): string | undefined {
  const rows = customers.flatMap(({ id, name, office }) => {
    const [place, customer] = [integerLiteral(officeKey(office)), idLiteral(id)];
    return turnedHex(name).map((turned) => `(${place},${hexLiteral(turned)},${customer})`);
  });
  if (rows.length === 0) return undefined;
  // In the order of the index, more or less: neighbours find their page in memory.
  return `INSERT IGNORE INTO customer_words (office, turned, customer_id) VALUES ${rows.sort().join()}`;
}

/**
 * Keeps the index of names true when a customer's name or office changes. Part of that change: call it in the same
 * transaction, with what was stored before.
 *
 * @example await reindexCustomers(tx, [{ before: { id, name: 'Karim', office }, after: { id, name: 'Rahim', office } }])
 */
export async function reindexCustomers(
  tx: Pick<Tx, 'write'>,
  changes: readonly { readonly before: NamedCustomer; readonly after: NamedCustomer }[],
): Promise<void> {
  const moved = changes.filter(({ before, after }) => before.name !== after.name || before.office !== after.office);
  const old = moved.flatMap(({ before }) => rowsOf(before));
  if (old.length > 0) {
    // The key spelt out: of a list of tuples not every server makes a walk along the index.
    const each = old.map(() => '(office = ? AND turned = ? AND customer_id = ?)').join(' OR ');
    await tx.write(`DELETE FROM customer_words WHERE ${each}`, old.flat());
  }
  await indexCustomers(
    tx,
    moved.map(({ after }) => after),
  );
}

function rowsOf({ id, name, office }: NamedCustomer): [number, Buffer, Buffer][] {
  return turnedNames(name).map((turned) => [officeKey(office), turned, idToBytes(id)]);
}

/** A row of the index with the customer as stored now. */
export interface NameHit extends NamedCustomer {
  readonly officeKey: number;
  readonly turned: Buffer;
}

/** Rows whose first word begins with the driving word and that have the others, in the order of the index. */
export async function findNameHits(
  reader: Reader,
  question: NameQuestion,
  after: Pick<NameHit, 'officeKey' | 'turned' | 'id'> | undefined,
  limit: number,
): Promise<NameHit[]> {
  const range = rangeAfter(question, after);
  if (range === undefined) return [];
  const others = question.others.map(() => "AND LOCATE(CONCAT(' ', ?), w.turned) > 0").join(' ');
  const rows = await reader.read<{ office: number; turned: Buffer; customer_id: Buffer; name: string; place: string }>(
    `SELECT w.office, w.turned, w.customer_id, c.name, c.office AS place
     FROM customer_words w STRAIGHT_JOIN customers c ON c.id = w.customer_id
     WHERE (${range.sql}) ${others} ORDER BY w.office, w.turned, w.customer_id LIMIT ?`,
    [...range.values, ...question.others, limit],
  );
  return rows.map((row) => ({
    id: idFromBytes(row.customer_id),
    name: row.name,
    office: row.place,
    officeKey: Number(row.office),
    turned: row.turned,
  }));
}

/** About how many rows begin with a word, as the server guesses from the depth of its index, without walking it. */
export async function estimateNameRows(reader: Reader, offices: readonly number[], word: Buffer): Promise<number> {
  const range = rangeAfter({ offices, word, others: [] }, undefined);
  if (range === undefined) return 0;
  const [row] = await reader.read<{ rows: string }>(
    `EXPLAIN SELECT 1 FROM customer_words w WHERE ${range.sql}`,
    range.values,
  );
  return Number(row?.rows ?? 0);
}

/** Every office that the index knows: one step along it for each. */
export async function indexedOffices(reader: Reader): Promise<number[]> {
  const rows = await reader.read<{ office: number }>('SELECT DISTINCT office FROM customer_words');
  return rows.map((row) => Number(row.office));
}

const FILL_BATCH = 1_000;
const FIRST_ID = Buffer.alloc(16);

/**
 * Gives the customers that were stored before there was an index, or under an older rule, their words: some at a time,
 * each batch a transaction, going on where a killed run was. May run beside everything else.
 *
 * @returns how many customers this run looked at; 0 when there was nothing left to do
 */
export async function fillCustomerWords(database: Database, onProgress?: (customers: number) => void): Promise<number> {
  await beginFill(database);
  for (let done = 0; ;) {
    const taken = await database.transaction(fillBatch);
    done += taken;
    if (taken > 0) onProgress?.(done);
    if (taken < FILL_BATCH) return done;
  }
}

async function beginFill(database: Database): Promise<void> {
  const [stored] = await database.read<{ rule: number }>('SELECT rule FROM customer_words_fill WHERE id = 1');
  if (stored?.rule === NAME_RULE) return;
  // Rows of an older rule are nobody's: they are taken away first, and found again as new ones.
  while (stored) {
    const { affectedRows } = await database.transaction((tx) => tx.write('DELETE FROM customer_words LIMIT 10000'));
    if (affectedRows === 0) break;
  }
  await database.transaction((tx) =>
    tx.write(
      `INSERT INTO customer_words_fill (id, rule, after_id, finished) VALUES (1, ?, ?, FALSE)
       ON DUPLICATE KEY UPDATE after_id = IF(rule = VALUES(rule), after_id, VALUES(after_id)),
         finished = IF(rule = VALUES(rule), finished, FALSE), rule = VALUES(rule)`,
      [NAME_RULE, FIRST_ID],
    ),
  );
}

async function fillBatch(tx: Tx): Promise<number> {
  const [fill] = await tx.query<{ after_id: Buffer; finished: number }>(
    'SELECT after_id, finished FROM customer_words_fill WHERE id = 1 FOR UPDATE',
  );
  if (!fill || fill.finished) return 0;
  // Locked, so that no name changes between being read and being indexed.
  const rows = await tx.query<{ id: Buffer; name: string; office: string }>(
    'SELECT id, name, office FROM customers WHERE id > ? ORDER BY id LIMIT ? LOCK IN SHARE MODE',
    [fill.after_id, FILL_BATCH],
  );
  await indexCustomers(
    tx,
    rows.map(({ id, name, office }) => ({ id: idFromBytes(id), name, office })),
  );
  await tx.write('UPDATE customer_words_fill SET after_id = ?, finished = ? WHERE id = 1', [
    rows.at(-1)?.id ?? fill.after_id,
    rows.length < FILL_BATCH,
  ]);
  return rows.length;
}
