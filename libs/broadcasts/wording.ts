import { DomainError, formatTaka, parseTaka, type Paisa } from '@vend/kernel';
import { renderSms, type PublishedTemplates, type RenderedSms } from '@vend/messages';
import { LANGUAGES, type Broadcast, type BroadcastOrder, type FixedWording, type Language } from './broadcast';
import type { BroadcastsErrorCode } from './broadcasts.errors';
import type { TakenRecipient } from './store/recipients';

/** Gateways take no longer text (CHANNELS.md S6). */
const TEXT_MAX_UNITS = 1_000;
/** A bill is not known when it is composed, so it is measured by one as long as any. */
const LONGEST_BILL = { amount: formatTaka(parseTaka('9999999.99')), meter: '999999999999999999 +99' };

type Worded = Pick<BroadcastOrder, 'template' | 'texts'>;
type Sendable = Pick<Broadcast, 'template' | 'templateVersion' | 'bodies' | 'texts'>;

/** What a notice would look like, and take, in each language. */
export type WordingPreview = Readonly<Record<Language, RenderedSms>>;

/** Words notices by the templates in force. */
export class Wordings {
  constructor(
    private readonly templates: PublishedTemplates,
    private readonly partCostPaisa: () => Promise<Paisa>,
  ) {}

  /** The texts with their parts, alphabet and cost; a bill with values as long as any. */
  async preview(order: Worded): Promise<WordingPreview> {
    const { preview } = await this.look(order);
    return preview;
  }

  /**
   * The wording that an order is composed with, and stays with.
   *
   * @throws {DomainError} `broadcast-text-refused`: longer than a gateway takes, or empty
   */
  async fix(order: Worded): Promise<FixedWording> {
    const { preview, bodies, templateVersion, partCostPaisa } = await this.look(order);
    for (const language of LANGUAGES) {
      const { text } = preview[language];
      if (text === '' || text.length > TEXT_MAX_UNITS) {
        throw new DomainError<BroadcastsErrorCode>('broadcast-text-refused', { language, units: text.length });
      }
    }
    return { templateVersion, bodies, parts: { bn: preview.bn.parts, en: preview.en.parts }, partCostPaisa };
  }

  private async look({ template, texts }: Worded) {
    const [published, partCostPaisa] = await Promise.all([this.templates.read(), this.partCostPaisa()]);
    const [bn, en] = [published(template, 'bn'), published(template, 'en')];
    const render = (language: Language) =>
      renderSms({ bn, en }[language], texts ? { text: texts[language] } : LONGEST_BILL, { partPaisa: partCostPaisa });
    return {
      preview: { bn: render('bn'), en: render('en') },
      bodies: { bn: bn.body, en: en.body },
      templateVersion: bn.version,
      partCostPaisa,
    };
  }
}

/** The text that a recipient gets: made when it is sent, of what was approved. Never logged, never stored. */
export function messageText(
  { template, templateVersion, bodies, texts }: Sendable,
  recipient: Pick<TakenRecipient, 'language' | 'bill'>,
): string {
  const { language, bill } = recipient;
  const values = texts ? { text: texts[language] } : billValues(bill);
  return renderSms({ code: template, version: templateVersion, language, body: bodies[language] }, values, {}).text;
}

/** @example { amount: '1250.00', meter: '600727000000000009 +1' }: what two meters owe together */
function billValues(bill: TakenRecipient['bill']): Record<string, string> {
  if (!bill) throw new Error('a bill without a sum was to be sent');
  const { amountPaisa, meterNo, moreMeters } = bill;
  return { amount: formatTaka(amountPaisa), meter: moreMeters === 0 ? meterNo : `${meterNo} +${moreMeters}` };
}
