import { DatabaseFailure, isConnectionLost, isTransient } from './failures';

/** A row as the driver gives it: BIGINT as string, BINARY as Buffer, DATETIME as Date. */
export type Row = Record<string, unknown>;

export interface WriteResult {
  readonly affectedRows: number;
}

/**
 * An open transaction. It is the first, required argument of everything that writes, so that no write can
 * happen outside one by mistake (STYLE.md, house rule 5).
 *
 * Statements that are issued without waiting for one another travel to the server together, in the order in which
 * they were issued, and are answered together: on a busy machine a round trip costs more than what it carries.
 * When one of them is refused, all of the same journey are reported as refused.
 *
 * @example const [meters, claims] = await Promise.all([lockMeters(tx, ids), findClaims(tx, keys)]); // one round trip
 */
export interface Tx {
  query<R extends Row = Row>(sql: string, parameters?: readonly unknown[]): Promise<R[]>;
  write(sql: string, parameters?: readonly unknown[]): Promise<WriteResult>;
}

/** The part of a mysql2 connection that is used here. */
export interface Connection {
  /** The statement with its values in place of the question marks, escaped. */
  format(sql: string, parameters: readonly unknown[]): string;
  /** @param values null: the text is whole; for anything else the driver would look through all of it for placeholders */
  query(sql: string, values: null, done: (error: Error | null, result?: unknown) => void): void;
}

interface Waiting {
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** A procedure answers with as many results as it likes, so its answer could not be told from its neighbours'. */
const TRAVELS_ALONE = /^\s*CALL\b/i;

/** Sends statements over one connection, those of one turn together. */
export class Courier {
  private waiting: Waiting[] = [];
  private scheduled = false;

  constructor(private readonly connection: Connection) {}

  send(sql: string, parameters: readonly unknown[] = []): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ sql, parameters, resolve, reject });
      if (this.scheduled) return;
      this.scheduled = true;
      queueMicrotask(() => this.depart());
    });
  }

  private depart(): void {
    this.scheduled = false;
    const journeys: Waiting[][] = [];
    for (const statement of this.waiting) {
      const last = journeys.at(-1);
      if (!last || TRAVELS_ALONE.test(statement.sql) || TRAVELS_ALONE.test(last[0]!.sql)) journeys.push([statement]);
      else last.push(statement);
    }
    this.waiting = [];
    // The driver keeps the order of its queries, so the next journey need not wait for this one here.
    for (const journey of journeys) this.travel(journey);
  }

  private travel(journey: readonly Waiting[]): void {
    const refuse = (error: unknown) => {
      const failure = new DatabaseFailure(error, journey.map(({ sql }) => sql).join(';\n'));
      for (const { reject } of journey) reject(failure);
    };
    let text: string;
    try {
      // Each by itself: a value too few in one must never shift the values of the next.
      text = journey.map((statement) => this.wordsOf(statement)).join(';\n');
    } catch (error) {
      return refuse(error);
    }
    this.connection.query(text, null, (error, result) => {
      if (error) return refuse(error);
      if (journey.length === 1) return journey[0]!.resolve(result);
      const results = result as readonly unknown[];
      journey.forEach(({ resolve }, index) => resolve(results[index]));
    });
  }

  private wordsOf({ sql, parameters }: Waiting): string {
    return parameters.length === 0 ? sql : this.connection.format(sql, parameters);
  }
}

/**
 * One transaction on one connection. START TRANSACTION travels with the first statements. After a refusal that made
 * the server roll back, and after the end, nothing more is sent: it would be committed by itself.
 */
export class Transaction implements Tx {
  private readonly courier: Courier;
  private state: 'new' | 'open' | 'over' = 'new';
  private broken: unknown;

  constructor(connection: Connection) {
    this.courier = new Courier(connection);
  }

  query<R extends Row = Row>(sql: string, parameters?: readonly unknown[]): Promise<R[]> {
    return this.send(sql, parameters) as Promise<R[]>;
  }

  write(sql: string, parameters?: readonly unknown[]): Promise<WriteResult> {
    return this.send(sql, parameters) as Promise<WriteResult>;
  }

  /** Sends COMMIT, unless nothing was ever sent. */
  async commit(): Promise<void> {
    if (this.broken) {
      // The work took no notice of the refusal; the books must.
      await this.rollback();
      throw this.broken as Error;
    }
    const wasOpen = this.state === 'open';
    this.state = 'over';
    if (wasOpen) await this.courier.send('COMMIT');
  }

  /** Sends ROLLBACK; never fails, for the connection may be the very thing that did. */
  async rollback(): Promise<void> {
    const wasOpen = this.state === 'open';
    this.state = 'over';
    if (wasOpen) await this.courier.send('ROLLBACK').catch(() => undefined);
  }

  private async send(sql: string, parameters: readonly unknown[] = []): Promise<unknown> {
    if (this.broken) throw this.broken as Error;
    if (this.state === 'over') throw new Error('the transaction is over: nothing may be sent any more');
    if (this.state === 'new') {
      this.state = 'open';
      this.begin();
    }
    try {
      return await this.courier.send(sql, parameters);
    } catch (error) {
      if (isTransient(error) || isConnectionLost(error)) this.broken ??= error;
      throw error;
    }
  }

  /** Its refusal is also that of the statements that travel with it. */
  private begin(): void {
    this.courier.send('START TRANSACTION').catch((error: unknown) => (this.broken ??= error));
  }
}
