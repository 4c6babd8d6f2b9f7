import type { Logger } from 'pino';
import type { Id } from '@vend/kernel';
import { settleOutbox, type Database } from '@vend/platform';
import type { Settlement, StatementImports } from '@vend/settlement';
import type { WakeHandler } from '../jobs';

/**
 * Takes statements and banks' lists in, and compares what they touch. The outbox row stays until both are done: whoever
 * dies in between leaves it to the next, and each part finds what is done already.
 */
export class StatementImportHandler implements WakeHandler {
  private readonly stopping = new AbortController();

  constructor(
    private readonly database: Database,
    private readonly imports: StatementImports,
    private readonly settlement: Settlement,
    private readonly log: Logger,
  ) {}

  async handle(refIds: readonly Id[]): Promise<void> {
    for (const importId of refIds) {
      const outcome = await this.imports.work(importId, this.stopping.signal);
      this.log.info({ importId, outcome }, 'statement import');
      if (outcome === 'elsewhere' || outcome === 'interrupted') continue;
      if (outcome === 'done') await this.compare(importId);
      await this.database.transaction((tx) => settleOutbox(tx, 'statement-import', [importId]));
    }
  }

  /** Lets the lines in hand end; what is left is another worker's. */
  stop(): void {
    this.stopping.abort();
  }

  private async compare(importId: Id): Promise<void> {
    const { kind, provider, day } = await this.imports.byId(importId);
    if (kind === 'bank') {
      this.log.info({ settled: await this.settlement.settleAll() }, 'bank credits');
    } else {
      this.log.info({ provider, day, matched: await this.settlement.compare(provider, day) }, 'statement compared');
    }
  }
}
