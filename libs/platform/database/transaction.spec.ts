/*
 * Proves what a transaction sends: which statements share a journey to the server. The connection is a recorder with
 * the two calls of the driver's that are used; what the real server makes of it is in test/integration.
 */
import { Transaction, type Connection } from './transaction';

class Recorder implements Connection {
  readonly journeys: string[] = [];

  format(sql: string, parameters: readonly unknown[]): string {
    let next = 0;
    return sql.replace(/\?/g, () => String(parameters[next++]));
  }

  query(sql: string, _values: null, done: (error: Error | null, result?: unknown) => void): void {
    this.journeys.push(sql);
    const answers = sql.split(';\n').map((statement) => [{ statement }]);
    setImmediate(() => done(null, answers.length === 1 ? answers[0] : answers));
  }
}

let recorder: Recorder;
let tx: Transaction;
beforeEach(() => {
  recorder = new Recorder();
  tx = new Transaction(recorder);
});

it('sends BEGIN with the statements of the first turn, and those of the next turn together again', async () => {
  await Promise.all([tx.query('A ?', [1]), tx.query('B ?', [2])]);
  await Promise.all([tx.write('C'), tx.write('D')]);
  await tx.write('E');
  await tx.commit();
  expect(recorder.journeys).toEqual(['START TRANSACTION;\nA 1;\nB 2', 'C;\nD', 'E', 'COMMIT']);
});

it('gives each statement its own answer', async () => {
  const answers = await Promise.all([tx.query('A'), tx.query('B'), tx.query('C')]);
  expect(answers).toEqual([[{ statement: 'A' }], [{ statement: 'B' }], [{ statement: 'C' }]]);
});

it('sends a procedure by itself, in its place', async () => {
  await Promise.all([tx.query('A'), tx.query('CALL post(?)', [7]), tx.query('B'), tx.query('C')]);
  expect(recorder.journeys).toEqual(['START TRANSACTION;\nA', 'CALL post(7)', 'B;\nC']);
});

it('sends nothing for a transaction in which nothing was asked', async () => {
  await tx.commit();
  await new Transaction(recorder).rollback();
  expect(recorder.journeys).toEqual([]);
});

it('sends nothing after its end', async () => {
  await tx.query('A');
  await tx.rollback();
  await expect(tx.query('B')).rejects.toThrow('the transaction is over');
  expect(recorder.journeys).toEqual(['START TRANSACTION;\nA', 'ROLLBACK']);
});
