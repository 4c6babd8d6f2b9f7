import type { InstantMs } from '@vend/kernel';
import type { Reader } from '@vend/platform';
import type { Language } from '@vend/receipts';
import type { TemplateCode } from './codes';
import { readVersions } from './store/templates';
import type { SmsTemplate } from './template';

/** What was published a moment ago may be sent the old way for this long. */
const FRESH_MS = 10_000;

/** The templates in force, as everybody who sends reads them: from memory, at most ten seconds old. */
export class PublishedTemplates {
  private known: Promise<ReadonlyMap<string, SmsTemplate>> | undefined;
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly reader: Reader,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /**
   * @throws {Error} when a code has no published template: every release brings one
   * @example renderSms((await templates.read())('receipt', 'bn'), values, { tokens })
   */
  async read(): Promise<(code: TemplateCode, language: Language) => SmsTemplate> {
    if (this.known === undefined || this.now() - this.readAt >= FRESH_MS) {
      this.readAt = this.now();
      const before = this.known;
      // What was read last still serves when the database does not answer.
      this.known = this.load().catch((error: unknown) => {
        this.readAt = Number.NEGATIVE_INFINITY;
        if (before === undefined) throw error;
        return before;
      });
    }
    const all = await this.known;
    return (code, language) => {
      const template = all.get(`${code} ${language}`);
      if (!template) throw new Error(`no template is published for ${code}`);
      return template;
    };
  }

  private async load(): Promise<ReadonlyMap<string, SmsTemplate>> {
    const current = (await readVersions(this.reader)).filter((version) => version.current);
    const known = new Map<string, SmsTemplate>();
    for (const { code, version, bn, en } of current) {
      known.set(`${code} bn`, { code, version, language: 'bn', body: bn });
      known.set(`${code} en`, { code, version, language: 'en', body: en });
    }
    return known;
  }
}
