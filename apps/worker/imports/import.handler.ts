import type { Logger } from 'pino';
import { recordAudit } from '@vend/identity';
import type { Id } from '@vend/kernel';
import type { ImportJob, ImportJobs } from '@vend/meters';
import type { Tx } from '@vend/platform';
import type { WakeHandler } from '../jobs';

/** Works on imports. One that a killed worker had in hand is offered again when its lease has ended, and goes on. */
export class ImportHandler implements WakeHandler {
  private readonly stopping = new AbortController();

  constructor(
    private readonly jobs: ImportJobs,
    private readonly log: Logger,
  ) {}

  async handle(refIds: readonly Id[]): Promise<void> {
    for (const importId of refIds) {
      const outcome = await this.jobs.work(importId, { signal: this.stopping.signal, atEnd: auditEnd });
      if (outcome !== 'elsewhere') this.log.info({ importId, outcome }, 'import');
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
