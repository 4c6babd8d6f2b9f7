import type { Logger } from 'pino';
import { adoptOffices, recordAudit } from '@vend/identity';
import type { Id } from '@vend/kernel';
import { officesOfCustomers, type ImportJob, type ImportJobs } from '@vend/meters';
import type { Database, Tx } from '@vend/platform';
import type { WakeHandler } from '../jobs';

/** Works on imports. One that a killed worker had in hand is offered again when its lease has ended, and goes on. */
export class ImportHandler implements WakeHandler {
  private readonly stopping = new AbortController();

  constructor(
    private readonly database: Database,
    private readonly jobs: ImportJobs,
    private readonly log: Logger,
  ) {}

  async handle(refIds: readonly Id[]): Promise<void> {
    for (const importId of refIds) {
      const outcome = await this.jobs.work(importId, { signal: this.stopping.signal, atEnd: auditEnd });
      if (outcome === 'elsewhere') continue;
      // Offices that the file was the first to name are the tree's from now on.
      await this.database.transaction(async (tx) => adoptOffices(tx, await officesOfCustomers(this.database)));
      this.log.info({ importId, outcome }, 'import');
    }
  }

  /** Lets the group in hand end; what is left is another worker's. */
  stop(): void {
    this.stopping.abort();
  }
}

async function auditEnd(tx: Tx, job: ImportJob): Promise<void> {
  await recordAudit(tx, {
    actor: job.by,
    action: 'meters-imported',
    subject: `import:${job.id}`,
    detail: { file: job.fileName, sha256: job.sha256, state: job.state, ...job.counts },
    at: Date.now(),
  });
}
