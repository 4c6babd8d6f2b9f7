import { setTimeout as pause } from 'node:timers/promises';
import { DomainError, isDomainError, type Id, type InstantMs } from '@vend/kernel';
import { isDuplicate, type Database, type Tx } from '@vend/platform';
import { hashFile, openFile, type FileRows, type ImportFiles } from '@vend/tables';
import type { MetersErrorCode } from '../meters.errors';
import {
  claimImport,
  endImport,
  extendClaim,
  findImport,
  findUnended,
  firstFaults,
  ImportTakenOver,
  insertImport,
  listImports,
  leaveImport,
  LEASE_MS,
  saveOutcome,
  setTotalBytes,
  type ImportClaim,
} from '../store/imports';
import type { ImportJob, ImportOrder } from './import-job';
import type { ReportedFault } from './import-meters';
import { ImportRun } from './import-run';
import { reportLines } from './report';
import { rowFaultReasons } from './row-faults';

/** What a try at an import came to; `elsewhere`: it has ended, or another worker is at it. */
export type TryOutcome = 'done' | 'failed' | 'interrupted' | 'elsewhere';

export interface TryOptions {
  /** Ends the try after the group in hand; what is left is done by the next one. */
  readonly signal?: AbortSignal;
  /** Written in the transaction that ends the import. */
  readonly atEnd?: (tx: Tx, job: ImportJob) => Promise<void>;
  readonly onProgress?: (job: ImportJob) => void;
}

/**
 * Imports as things that are put in order, worked on by whoever is awake, watched, and taken up again after a kill: the
 * row in `imports` says how far each has come, written in the transaction that stores the rows.
 */
export class ImportJobs {
  constructor(
    private readonly database: Database,
    private readonly files: ImportFiles,
  ) {}

  /**
   * Receives a file and puts its import in order; the same key with the same file is the same import.
   *
   * @param alongside written in the transaction that puts it in order
   * @throws {DomainError} `import-too-large`, `import-differs`
   * @example await jobs.put({ id, fileName: 'natore.csv', kind: 'csv', by: 'user:selim', at: Date.now() }, request)
   */
  async put(
    order: ImportOrder,
    source: AsyncIterable<Uint8Array>,
    alongside: (tx: Tx) => Promise<void> = () => Promise.resolve(),
  ): Promise<ImportJob> {
    const received = await this.files.receive(source);
    try {
      const earlier = await findImport(this.database, order.id);
      if (earlier) return sameFile(earlier, received.sha256);
      await this.files.keep(received, order.id);
      await this.database.transaction(async (tx) => {
        await insertImport(tx, order, received.sha256, received.bytes);
        await leaveImport(tx, order.id, order.at);
        await alongside(tx);
      });
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      return sameFile(await this.byId(order.id), received.sha256);
    } finally {
      await this.files.drop(received.path);
    }
    return this.byId(order.id);
  }

  /**
   * The import of a file where it lies: the one that was begun and not ended, or a new one. Nobody is woken for it.
   *
   * @throws {DomainError} `import-file-missing`
   */
  async ofFile(order: ImportOrder, path: string): Promise<ImportJob> {
    const { sha256, bytes } = await hashFile(path);
    const begun = await findUnended(this.database, sha256, order.by);
    if (begun) return begun;
    await this.database.transaction((tx) => insertImport(tx, order, sha256, bytes));
    return this.byId(order.id);
  }

  /** @throws {DomainError} `import-not-found` */
  async byId(id: Id): Promise<ImportJob> {
    const job = await findImport(this.database, id);
    if (!job) throw new DomainError<MetersErrorCode>('import-not-found');
    return job;
  }

  /** The latest first. @param page `before`: the last of the page before; one that is not there begins nowhere */
  list(page: { readonly before?: Id; readonly limit: number }): Promise<ImportJob[]> {
    return listImports(this.database, page);
  }

  /**
   * Works on an import until it has ended, is interrupted, or is found to be another worker's.
   *
   * @param path where the file is, when it is not one that was received
   */
  async work(id: Id, options: TryOptions = {}, path?: string): Promise<TryOutcome> {
    const claim = await claimImport(this.database, id, Date.now());
    if (!claim) return 'elsewhere';
    const ended = new AbortController();
    const keeping = this.keepClaim(claim, ended.signal);
    try {
      return await this.claimed(claim, options, path);
    } catch (error) {
      if (error instanceof ImportTakenOver) return 'elsewhere';
      await extendClaim(this.database, claim, Date.now()).catch(() => undefined);
      throw error;
    } finally {
      ended.abort();
      await keeping;
    }
  }

  /** The first faults, with their reasons in words. */
  async faults(id: Id, limit: number): Promise<ReportedFault[]> {
    const found = await firstFaults(this.database, id, limit);
    return found.map((fault) => ({ ...fault, reason: rowFaultReasons[fault.code] }));
  }

  /** The faults so far with their rows, as lines of a CSV file that can be mended and sent again. */
  async *report(id: Id, path?: string): AsyncGenerator<string> {
    const job = await this.byId(id);
    const file = await openFile(path ?? this.files.pathOf(id, job.sha256), job.kind);
    try {
      yield* reportLines(this.database, job, file.groups);
    } finally {
      file.close();
    }
  }

  /**
   * Deletes files that nobody needs any more: of imports that ended before the instant, and what was left by then of
   * files that were never received whole. Imports that have not ended keep theirs. Again, it does nothing more.
   *
   * @returns how many were deleted, and how many are there still
   * @example await jobs.forgetFiles(Date.now() - 30 * 86_400_000)
   */
  async forgetFiles(before: InstantMs): Promise<{ readonly removed: number; readonly kept: number }> {
    const [files, figures] = [await this.files.list(), { removed: 0, kept: 0 }];
    for (const { path, importId, writtenAt } of files) {
      const job = importId === undefined ? undefined : await findImport(this.database, importId);
      // Without an import it may be one that is being received just now.
      const needed = job ? job.endedAt === null || job.endedAt >= before : writtenAt >= before;
      if (!needed) await this.files.drop(path);
      figures[needed ? 'kept' : 'removed']++;
    }
    return figures;
  }

  private async claimed(claim: ImportClaim, options: TryOptions, path: string | undefined): Promise<TryOutcome> {
    const job = await this.byId(claim.id);
    let refusal: { code: string; facts: object } | undefined;
    try {
      const file = await openFile(path ?? this.files.pathOf(job.id, job.sha256), job.kind);
      try {
        if (!(await this.readThrough(file, job, claim, options))) {
          await extendClaim(this.database, claim, Date.now());
          return 'interrupted';
        }
      } finally {
        file.close();
      }
    } catch (error) {
      if (!isDomainError(error)) throw error;
      refusal = { code: error.code, facts: error.facts };
    }
    await this.database.transaction(async (tx) => {
      await endImport(tx, claim, { at: Date.now(), refusal });
      const now = await findImport({ read: (sql, values) => tx.query(sql, values) }, job.id);
      if (now) await options.atEnd?.(tx, now);
    });
    return refusal ? 'failed' : 'done';
  }

  /** @returns false when it was interrupted */
  private async readThrough(file: FileRows, job: ImportJob, claim: ImportClaim, options: TryOptions): Promise<boolean> {
    if (file.totalBytes !== job.totalBytes) await setTotalBytes(this.database, job.id, file.totalBytes);
    let savedMs = performance.now();
    const run = new ImportRun(this.database, {
      nowMs: Date.now(),
      by: job.by,
      afterLine: job.lastLine,
      alongside: async (tx, outcome) => {
        await saveOutcome(tx, claim, outcome, { now: Date.now(), busyMs: Math.round(performance.now() - savedMs) });
      },
      onGroup: () => {
        savedMs = performance.now();
        if (options.onProgress) void findImport(this.database, job.id).then((now) => now && options.onProgress?.(now));
      },
    });
    try {
      for await (const group of file.groups) {
        if (options.signal?.aborted === true) break;
        await run.take(group);
      }
    } catch (error) {
      await run.settled();
      throw error;
    }
    if (options.signal?.aborted === true) {
      await run.settled();
      return false;
    }
    await run.end();
    return true;
  }

  /** A long reading between two groups must not cost the claim. */
  private async keepClaim(claim: ImportClaim, ended: AbortSignal): Promise<void> {
    for (;;) {
      await pause(LEASE_MS / 3, undefined, { signal: ended, ref: false }).catch(() => undefined);
      if (ended.aborted) return;
      await extendClaim(this.database, claim, Date.now() + LEASE_MS).catch(() => undefined);
    }
  }
}

function sameFile(job: ImportJob, sha256: string): ImportJob {
  if (job.sha256 !== sha256) throw new DomainError<MetersErrorCode>('import-differs');
  return job;
}
