import type { DataSource } from 'typeorm';
import { DatabaseFailure, errorNumber, isTransient } from './failures';
import { Courier, Transaction } from './transaction';
import type { Connection, Row, Tx } from './transaction';

/** COMMIT was sent and its answer never came: the work is durable or it is not. Look the business key up, never guess. */
export class CommitOutcomeUnknown extends Error {
  override readonly name = 'CommitOutcomeUnknown';
}

/** Whoever can be asked: the database, or one connection of it. */
export interface Reader {
  read<R extends Row = Row>(sql: string, parameters?: readonly unknown[]): Promise<R[]>;
}

export interface RetryCounter {
  retried(errno: number): void;
}

/** Doors to the database: reads on their own, and transactions that retry only from a fresh BEGIN. */
export class Database implements Reader {
  constructor(
    readonly dataSource: DataSource,
    private readonly counter: RetryCounter = { retried: () => undefined },
  ) {}

  /** A read outside any transaction: a snapshot of now, on any pooled connection. */
  read<R extends Row = Row>(sql: string, parameters: readonly unknown[] = []): Promise<R[]> {
    return this.connected((connection) => new Courier(connection).send(sql, parameters) as Promise<R[]>);
  }

  /**
   * Several reads on one connection; those issued without waiting for one another share a round trip. Each is a
   * snapshot of its own moment.
   *
   * @example const [a, b] = await database.reads((reader) => Promise.all([findA(reader), findB(reader)]));
   */
  reads<T>(work: (reader: Reader) => Promise<T>): Promise<T> {
    return this.connected((connection) => {
      const courier = new Courier(connection);
      return work({
        read: <R extends Row>(sql: string, values?: readonly unknown[]) => courier.send(sql, values) as Promise<R[]>,
      });
    });
  }

  /**
   * Runs the work in one transaction. A transient refusal of the database (deadlock, lock wait) runs the whole
   * work again from a fresh BEGIN, at most `attempts` times: the server has rolled back what came before, so
   * re-running single statements would commit half of it.
   *
   * @throws {CommitOutcomeUnknown} when the connection died on COMMIT
   */
  async transaction<T>(work: (tx: Tx) => Promise<T>, attempts = 4): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(work);
      } catch (error) {
        if (attempt >= attempts || !isTransient(error)) throw error;
        this.counter.retried(errorNumber(error)!);
      }
    }
  }

  private once<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.connected(async (connection) => {
      const tx = new Transaction(connection);
      let result: T;
      try {
        result = await work(tx);
      } catch (error) {
        await tx.rollback();
        throw error;
      }
      try {
        await tx.commit();
      } catch (error) {
        if (isTransient(error)) throw error;
        throw new CommitOutcomeUnknown('no answer to COMMIT', { cause: error });
      }
      return result;
    });
  }

  /** Statements go to the driver itself: TypeORM's own way to them does more than a busy lane can pay for. */
  private async connected<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      let connection: Connection;
      try {
        connection = (await runner.connect()) as Connection;
      } catch (error) {
        throw new DatabaseFailure(error, 'connect');
      }
      return await work(connection);
    } finally {
      await runner.release();
    }
  }
}
