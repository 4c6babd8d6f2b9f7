import { join } from 'node:path';
import { DomainError, isDomainError, type Id, type InstantMs } from '@vend/kernel';
import { listProviders } from '@vend/payments';
import { isDuplicate, type Database, type Tx } from '@vend/platform';
import { csvLine, ImportFiles, openFile } from '@vend/tables';
import type { SettlementErrorCode } from '../settlement.errors';
import { findProvider } from '../source';
import { loadFormat } from '../store/formats';
import {
  claimStatementImport,
  endStatementImport,
  findSameFile,
  findStatementImport,
  insertStatementImport,
  readFaults,
  releaseClaim,
  StatementTakenOver,
  type StatementClaim,
  type StatementRefusal,
} from '../store/imports';
import { BankReader } from './bank-row';
import type { StatementImport, StatementOrder } from './import-job';
import { bankLines, StatementRun, statementLines } from './import-run';
import { LINE_FAULTS, StatementReader } from './row';

/** What a try came to; `elsewhere`: another worker is at it. */
export type StatementTry = 'done' | 'failed' | 'interrupted' | 'elsewhere';

const FAULTS_A_PAGE = 1_000;

/** Where files of statements lie, beside those of other imports. */
export function statementFiles(importFolder: string, maxBytes: number): ImportFiles {
  return new ImportFiles(join(importFolder, 'statements'), maxBytes);
}

/**
 * Files of providers and banks: received, put in order, taken in by a worker, taken up again after a kill. Nothing of a
 * file counts before all of it is in.
 */
export class StatementImports {
  constructor(
    private readonly database: Database,
    private readonly files: ImportFiles,
  ) {}

  /**
   * Receives a file and puts its import in order. The same key is the same import, and so is the same file for the same
   * provider and day under another key.
   *
   * @throws {DomainError} statement-provider-unknown, import-too-large, statement-import-differs
   */
  async put(
    order: StatementOrder,
    source: AsyncIterable<Uint8Array>,
    alongside: (tx: Tx) => Promise<void>,
  ): Promise<StatementImport> {
    if (order.kind === 'statement' && !(await findProvider(this.database, order.provider))) {
      throw new DomainError<SettlementErrorCode>('statement-provider-unknown');
    }
    const received = await this.files.receive(source);
    try {
      const earlier = await this.earlier(order, received.sha256);
      if (earlier) return earlier;
      await this.files.keep(received, order.id);
      await this.database.transaction(async (tx) => {
        await insertStatementImport(tx, order, received.sha256, received.bytes);
        await alongside(tx);
      });
    } catch (error) {
      const earlier = isDuplicate(error) ? await this.earlier(order, received.sha256) : undefined;
      if (!earlier) throw error;
      if (earlier.id !== order.id) await this.files.drop(this.files.pathOf(order.id, received.sha256));
      return earlier;
    } finally {
      await this.files.drop(received.path);
    }
    return this.byId(order.id);
  }

  /** @throws {DomainError} statement-import-not-found */
  async byId(id: Id): Promise<StatementImport> {
    const job = await findStatementImport(this.database, id);
    if (!job) throw new DomainError<SettlementErrorCode>('statement-import-not-found');
    return job;
  }

  /** Works on an import until it has ended, is interrupted, or is found to be another worker's. */
  async work(id: Id, signal?: AbortSignal): Promise<StatementTry> {
    const job = await this.byId(id);
    if (job.state === 'DONE' || job.state === 'FAILED') return job.state === 'DONE' ? 'done' : 'failed';
    const { version } = await loadFormat(this.database, job.provider);
    const claim = await claimStatementImport(this.database, id, version, Date.now());
    if (!claim) return 'elsewhere';
    try {
      return await this.claimed(await this.byId(id), claim, signal);
    } catch (error) {
      if (error instanceof StatementTakenOver) return 'elsewhere';
      await releaseClaim(this.database, claim, Date.now()).catch(() => undefined);
      throw error;
    }
  }

  /** The lines that were not stored, with the reason, as CSV. */
  async *report(id: Id): AsyncGenerator<string> {
    const { importNo } = await this.byId(id);
    yield `\uFEFF${csvLine(['line', 'column', 'code', 'bn', 'en'])}`;
    for (let afterLine = 0; ;) {
      const faults = await readFaults(this.database, importNo, { afterLine, limit: FAULTS_A_PAGE });
      for (const { line, column, code } of faults) {
        yield csvLine([String(line), column, code, LINE_FAULTS[code].bn, LINE_FAULTS[code].en]);
      }
      if (faults.length < FAULTS_A_PAGE) return;
      afterLine = faults.at(-1)!.line;
    }
  }

  /** Deletes files of imports that ended before the instant. @returns how many were deleted, and how many are there still */
  async forgetFiles(before: InstantMs): Promise<{ readonly removed: number; readonly kept: number }> {
    const figures = { removed: 0, kept: 0 };
    for (const { path, importId, writtenAt } of await this.files.list()) {
      const job = importId === undefined ? undefined : await findStatementImport(this.database, importId);
      const needed = job ? job.endedAt === null || job.endedAt >= before : writtenAt >= before;
      if (!needed) await this.files.drop(path);
      figures[needed ? 'kept' : 'removed']++;
    }
    return figures;
  }

  private async earlier(order: StatementOrder, sha256: string): Promise<StatementImport | undefined> {
    const ofKey = await findStatementImport(this.database, order.id);
    if (!ofKey) return findSameFile(this.database, order, sha256);
    const same =
      ofKey.sha256 === sha256 && (['kind', 'provider', 'day', 'rule'] as const).every((k) => ofKey[k] === order[k]);
    if (!same) throw new DomainError<SettlementErrorCode>('statement-import-differs');
    return ofKey;
  }

  private async claimed(
    job: StatementImport,
    claim: StatementClaim,
    signal: AbortSignal | undefined,
  ): Promise<StatementTry> {
    let refusal: StatementRefusal;
    try {
      if (!(await this.readThrough(job, claim, signal))) {
        await releaseClaim(this.database, claim, Date.now());
        return 'interrupted';
      }
    } catch (error) {
      if (!isDomainError(error)) throw error;
      refusal = { code: error.code, facts: error.facts };
    }
    await this.database.transaction((tx) => endStatementImport(tx, claim, refusal, Date.now()));
    return refusal ? 'failed' : 'done';
  }

  /** @returns false when it was interrupted */
  private async readThrough(job: StatementImport, claim: StatementClaim, signal?: AbortSignal): Promise<boolean> {
    const file = await openFile(this.files.pathOf(job.id, job.sha256), job.fileKind);
    const run = job.kind === 'bank' ? await this.bankRun(job, claim) : await this.statementRun(job, claim);
    try {
      for await (const group of file.groups) {
        if (signal?.aborted === true) break;
        await run.take(group);
      }
      if (signal?.aborted === true) {
        await run.settled();
        return false;
      }
      await run.end();
      return true;
    } catch (error) {
      await run.settled();
      throw error;
    } finally {
      file.close();
    }
  }

  private async statementRun(job: StatementImport, claim: StatementClaim) {
    const provider = await findProvider(this.database, job.provider);
    if (!provider) throw new DomainError<SettlementErrorCode>('statement-provider-unknown');
    const { format } = await loadFormat(this.database, job.provider);
    const { commissionBasisPoints } = provider;
    return new StatementRun(this.database, claim, job.lastLine, (header) => {
      const reader = StatementReader.of(header, {
        provider: job.provider,
        day: job.day,
        format,
        commissionBasisPoints,
      });
      return 'missing' in reader ? reader : statementLines(reader, claim.importNo);
    });
  }

  private async bankRun(job: StatementImport, claim: StatementClaim) {
    const accounts = new Map(
      (await listProviders(this.database)).map((p) => {
        // Who sells from what it paid in before settles nothing.
        const own = p.prepaid ? [] : [p.settlementBank, p.vatBank];
        return [p.code, own.flatMap((account) => (account ? [account.slice('bank:'.length)] : []))] as const;
      }),
    );
    return new StatementRun(this.database, claim, job.lastLine, (header) => {
      const reader = BankReader.of(header, (code) => accounts.get(code));
      return 'missing' in reader ? reader : bankLines(reader, claim.importNo);
    });
  }
}
