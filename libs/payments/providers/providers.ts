import type { Database } from '@vend/platform';
import { loadProviders } from '../store/providers';
import type { Provider } from './provider';

/** A changed row is in force everywhere when this has passed. */
const KEPT_MS = 5_000;

/**
 * The providers' rows, kept in memory for five seconds: a row that a person has changed is in force in every process
 * without a restart, and a payment costs no look at the table.
 */
export class Providers {
  private rows: { readonly byCode: ReadonlyMap<string, Provider>; readonly until: number } | undefined;
  private loading: Promise<ReadonlyMap<string, Provider>> | undefined;

  constructor(
    private readonly load: () => Promise<readonly Provider[]>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * The row of a provider, whether it is active or not; undefined when there is none.
   *
   * @example const provider = await providers.byCode('demo-form');
   */
  async byCode(code: string): Promise<Provider | undefined> {
    return (await this.current()).get(code);
  }

  /** All of them, by code. */
  async all(): Promise<readonly Provider[]> {
    return [...(await this.current()).values()];
  }

  private current(): Promise<ReadonlyMap<string, Provider>> {
    if (this.rows && this.now() < this.rows.until) return Promise.resolve(this.rows.byCode);
    // One look for all that ask meanwhile.
    this.loading ??= this.refresh().finally(() => (this.loading = undefined));
    return this.loading;
  }

  private async refresh(): Promise<ReadonlyMap<string, Provider>> {
    const until = this.now() + KEPT_MS;
    const byCode = new Map((await this.load()).map((provider) => [provider.code, provider]));
    this.rows = { byCode, until };
    return byCode;
  }
}

/**
 * The registry of a process.
 *
 * @example const providers = openProviders(database, secrets.sealingSecret);
 */
export function openProviders(database: Database, sealingSecret: Buffer): Providers {
  return new Providers(() => loadProviders(database, sealingSecret));
}
