import { Inject, Injectable } from '@nestjs/common';
import {
  Broadcasts,
  costOf,
  totalOf,
  Wordings,
  type Audience,
  type Broadcast,
  type BroadcastsErrorCode,
  type BroadcastReportLine,
} from '@vend/broadcasts';
import { Approvals, Offices, officesOf, recordAudit, type OfficeNode, type SessionUser } from '@vend/identity';
import { DomainError, formatInstant, formatTaka, isId, parseQuietHours, parseTaka, type Id } from '@vend/kernel';
import { strayCharacters } from '@vend/messages';
import { Database } from '@vend/platform';
import { FieldsInvalid } from '../http/field.pipe';
import { moneyView } from '../http/format';
import type { BroadcastPreviewDto, BroadcastRequest, BroadcastWords } from './broadcast.dto';

const RATE_USUAL = 50;
/** Offices' quiet hours, when an order names none. */
export const QUIET_HOURS = Symbol('QuietHours');

const refusal = (code: BroadcastsErrorCode) => new DomainError<BroadcastsErrorCode>(code);

/** What a person wants to be done with a notice. */
export type BroadcastMove = 'pause' | 'resume' | 'stop';

/** On its way, or waiting for a second person. */
type Launched = { readonly broadcast: Broadcast } | { readonly approvalId: Id };

/** Notices to all, in HTTP's words: whose customers, whose second person, and what is put on record. */
@Injectable()
export class BroadcastsDesk {
  constructor(
    private readonly database: Database,
    private readonly broadcasts: Broadcasts,
    private readonly wordings: Wordings,
    private readonly offices: Offices,
    private readonly approvals: Approvals,
    @Inject(QUIET_HOURS) private readonly quietHours: string,
  ) {}

  async preview(user: SessionUser, words: BroadcastWords): Promise<BroadcastPreviewDto> {
    const audience = await this.audienceOf(user, words);
    const order = { template: words.template, texts: textsOf(words) };
    const [preview, phones] = await Promise.all([this.wordings.preview(order), this.broadcasts.estimate(audience)]);
    const of = (language: 'bn' | 'en') => {
      const { text, alphabet, units, parts, costPaisa = 0n } = preview[language];
      return { text, alphabet, units, parts, cost: moneyView(costPaisa), strays: strayCharacters(text, language) };
    };
    const total = (['bn', 'en'] as const).reduce(
      (sum, language) => sum + BigInt(phones[language]) * (preview[language].costPaisa ?? 0n),
      0n,
    );
    return { bn: of('bn'), en: of('en'), phones, totalCost: moneyView(total) };
  }

  async compose(user: SessionUser, id: Id, body: BroadcastRequest): Promise<Broadcast> {
    const { name, template, ratePerSecond = RATE_USUAL, quietHours = this.quietHours } = body;
    try {
      parseQuietHours(quietHours);
    } catch {
      throw new FieldsInvalid([{ field: 'quietHours', code: 'field-malformed' }]);
    }
    const texts = textsOf(body);
    const audience = await this.audienceOf(user, body);
    const office = await this.officeOf(user);
    const times = {
      startsAt: body.startsAt === undefined ? null : Date.parse(body.startsAt),
      endsAt: Date.parse(body.endsAt),
    };
    const by = `user:${user.username}`;
    const order = { id, name, template, texts, audience, ratePerSecond, quietHours, ...times, office, by };
    return this.broadcasts.compose(order, () => this.wordings.fix(order));
  }

  /** A notice of the person's offices. @throws {DomainError} `broadcast-not-found` */
  async show(user: SessionUser, id: string): Promise<Broadcast> {
    if (!isId(id)) throw refusal('broadcast-not-found');
    const broadcast = await this.broadcasts.byId(id);
    const offices = await officesOf(this.database, user);
    if (offices !== 'all' && !offices.includes(broadcast.office)) throw refusal('broadcast-not-found');
    return broadcast;
  }

  async list(user: SessionUser, page: { before?: Id; limit: number }): Promise<Broadcast[]> {
    return this.broadcasts.list({ offices: await officesOf(this.database, user), ...page });
  }

  statuses(id: Id) {
    return this.broadcasts.statuses(id);
  }

  /** The second person reads what leaves, to whom, how many they are and what it costs; the hash says that it is this. */
  async launch(user: SessionUser, id: string, key: Id, reason: string): Promise<Launched> {
    const broadcast = await this.show(user, id);
    const { state, audience, bodies, texts, recipients, parts, startsAt } = broadcast;
    if (state === 'PREPARING') throw new DomainError<BroadcastsErrorCode>('broadcast-not-now', { state });
    if (totalOf(broadcast) === 0) throw refusal('broadcast-nobody');
    const gate = await this.approvals.gate({
      kind: 'broadcast',
      key,
      subject: `broadcast:${broadcast.id}`,
      content: {
        ...{ name: broadcast.name, template: broadcast.template, contentSha256: broadcast.contentSha256 },
        ...{ textBn: texts?.bn ?? bodies.bn, textEn: texts?.en ?? bodies.en },
        offices: audience.offices?.join(', ') ?? 'all',
        tariffClasses: audience.tariffClasses?.join(', ') ?? 'all',
        arrearsOverTaka: audience.arrearsOverPaisa === null ? null : formatTaka(audience.arrearsOverPaisa),
        ...{ recipientsBn: recipients.bn, recipientsEn: recipients.en, partsBn: parts.bn, partsEn: parts.en },
        costTaka: formatTaka(costOf(broadcast)),
        startsAt: startsAt === null ? null : formatInstant(startsAt),
        endsAt: formatInstant(broadcast.endsAt),
        ...{ quietHours: broadcast.quietHours, ratePerSecond: broadcast.ratePerSecond },
      },
      reason,
      by: user,
    });
    if (gate.state === 'pending') return { approvalId: gate.approvalId };
    return { broadcast: await this.broadcasts.launch(broadcast.id, gate.approvalId, user) };
  }

  async move(user: SessionUser, id: string, move: BroadcastMove, reason: string): Promise<Broadcast> {
    const { id: known } = await this.show(user, id);
    return this.broadcasts[move](known, user, reason);
  }

  /** Who reads customers' numbers is on record first. */
  async report(user: SessionUser, id: string): Promise<AsyncGenerator<readonly BroadcastReportLine[]>> {
    const broadcast = await this.show(user, id);
    await this.database.transaction((tx) =>
      recordAudit(tx, {
        ...{ actor: `user:${user.username}`, action: 'broadcast-report-read', subject: `broadcast:${broadcast.id}` },
        ...{ detail: { recipients: totalOf(broadcast) }, at: Date.now() },
      }),
    );
    return this.broadcasts.report(broadcast.id);
  }

  /** Names of the offices meant, and of all below them: none that the person may not write to. */
  private async audienceOf(user: SessionUser, words: BroadcastWords): Promise<Audience> {
    const { offices: codes, tariffClasses, arrearsOver } = words;
    const own = await officesOf(this.database, user);
    const named = codes === undefined ? null : namesBelow(await this.offices.tree(), codes);
    if (named === undefined) throw refusal('broadcast-audience-refused');
    if (own !== 'all' && (named === null || named.some((name) => !own.includes(name)))) {
      throw refusal('broadcast-audience-refused');
    }
    return {
      offices: named,
      tariffClasses: tariffClasses ?? null,
      arrearsOverPaisa: arrearsOver === undefined ? null : parseTaka(arrearsOver),
    };
  }

  private async officeOf({ station }: SessionUser): Promise<string> {
    const path = pathTo(await this.offices.tree(), station);
    if (!path) throw refusal('broadcast-audience-refused');
    return path.name;
  }
}

/** @returns undefined when a code is no office's */
function namesBelow(tree: readonly OfficeNode[], codes: readonly string[]): string[] | undefined {
  const found = new Set<string>();
  const names = new Set<string>();
  const walk = (node: OfficeNode, within: boolean): void => {
    if (node.kind === 'station') return;
    const meant = within || codes.includes(node.code);
    if (codes.includes(node.code)) found.add(node.code);
    if (meant) names.add(node.name);
    for (const child of node.children) walk(child, meant);
  };
  for (const root of tree) walk(root, false);
  return found.size === codes.length ? [...names].sort() : undefined;
}

/** The office that a station hangs on. */
function pathTo(nodes: readonly OfficeNode[], station: string): OfficeNode | undefined {
  for (const node of nodes) {
    if (node.children.some(({ kind, code }) => kind === 'station' && code === station)) return node;
    const below = pathTo(node.children, station);
    if (below) return below;
  }
  return undefined;
}

/** Both languages with a notice, none with a template that says everything. */
function textsOf({ template, textBn, textEn }: BroadcastWords): { bn: string; en: string } | null {
  const fault = (field: string, code: 'field-missing' | 'field-unknown') => new FieldsInvalid([{ field, code }]);
  if (template !== 'notice') {
    if (textBn !== undefined) throw fault('textBn', 'field-unknown');
    if (textEn !== undefined) throw fault('textEn', 'field-unknown');
    return null;
  }
  if (textBn === undefined) throw fault('textBn', 'field-missing');
  if (textEn === undefined) throw fault('textEn', 'field-missing');
  return { bn: textBn.normalize('NFC'), en: textEn.normalize('NFC') };
}
