import { recordAudit, useApproval, type Approvals, type SessionUser } from '@vend/identity';
import { DomainError, type Id, type InstantMs } from '@vend/kernel';
import { isDuplicate, type Database } from '@vend/platform';
import type { Language } from '@vend/receipts';
import type { TemplateCode } from './codes';
import { previewTemplate, type TemplateFinding } from './lint';
import type { MessagesErrorCode } from './messages.errors';
import {
  findDraft,
  findPublication,
  findVersion,
  insertDraft,
  insertPublication,
  readVersions,
  type TemplateVersion,
} from './store/templates';

/** A new version of a text, in both languages. */
export interface TemplateDraft {
  readonly key: Id;
  readonly code: TemplateCode;
  readonly bn: string;
  readonly en: string;
  readonly reason: string;
  /** Saves it although a character makes it dearer. */
  readonly acceptWarnings?: boolean;
}

/** Of those who save at once one wins each round. */
const ATTEMPTS_MAX = 20;

const LANGUAGES: readonly Language[] = ['bn', 'en'];
const refusal = (code: MessagesErrorCode, facts: Record<string, string | number> = {}) => new DomainError(code, facts);

/** The texts: written by one person, published with a second, never edited. */
export class Templates {
  constructor(
    private readonly database: Database,
    private readonly approvals: Approvals,
    /** What one part costs, at the dearest gateway; undefined while none is set up. */
    readonly partPaisa: () => Promise<bigint | undefined>,
    private readonly now: () => InstantMs = Date.now,
  ) {}

  /** Every version, the newest of each code first. */
  versions(code?: TemplateCode): Promise<TemplateVersion[]> {
    return readVersions(this.database, code);
  }

  /**
   * Saves a version that nobody sends yet. The same key again answers the same version.
   *
   * @throws {DomainError<MessagesErrorCode>} sms-template-faulty, sms-template-warned, sms-template-key-conflict
   * @example await templates.draft(user, { key, code: 'pending', bn, en, reason: 'shorter' })
   */
  async draft(user: SessionUser, draft: TemplateDraft): Promise<{ version: TemplateVersion; replayed: boolean }> {
    const { key, code, reason } = draft;
    const [bn, en] = [draft.bn.normalize('NFC'), draft.en.normalize('NFC')];
    const known = await findDraft(this.database, key);
    if (known) return { version: sameDraft(known, { code, bn, en }), replayed: true };
    this.check({ ...draft, bn, en });
    const actor = `user:${user.username}`;
    // Another draft of this code may take the version's number first: then with the next one.
    for (let attempt = 1; ; attempt++) {
      try {
        await this.database.transaction(async (tx) => {
          const at = this.now();
          const templateId = await insertDraft(tx, { key, code, bn, en, reason, madeBy: actor }, at);
          const subject = `sms-template:${code}`;
          await recordAudit(tx, { actor, action: 'sms-template-drafted', subject, detail: { templateId, reason }, at });
        });
        break;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        if ((await findDraft(this.database, key)) !== undefined) break;
        if (attempt === ATTEMPTS_MAX) throw error;
      }
    }
    const stored = await findDraft(this.database, key);
    return { version: sameDraft(stored!, { code, bn, en }), replayed: false };
  }

  /**
   * Makes a version the one that is sent, with a second person; an older one comes back the same way.
   *
   * @throws {DomainError} sms-template-not-found, sms-template-in-force, sms-template-key-conflict; what `gate` throws
   * @example await templates.publish(user, { key, templateId, reason: 'order 12/2026' })
   */
  async publish(
    user: SessionUser,
    { key, templateId, reason }: { key: Id; templateId: Id; reason: string },
  ): Promise<TemplateVersion | { approvalId: Id }> {
    const version = await findVersion(this.database, templateId);
    if (!version) throw refusal('sms-template-not-found');
    const done = await findPublication(this.database, key);
    if (done !== undefined && done !== templateId) throw refusal('sms-template-key-conflict');
    if (done !== undefined) return version;
    if (version.current) throw refusal('sms-template-in-force');
    const { code, bn, en } = version;
    const subject = `sms-template:${code}`;
    const content = { code, version: version.version, bn, en };
    const gate = await this.approvals.gate({ kind: 'sms-template', key, subject, content, reason, by: user });
    if (gate.state === 'pending') return { approvalId: gate.approvalId };
    const { approvalId, approvedBy } = gate;
    const actor = `user:${user.username}`;
    try {
      await this.database.transaction(async (tx) => {
        const at = this.now();
        await useApproval(tx, approvalId, `sms-template:${templateId}`, at);
        await insertPublication(tx, { key, templateId, askedBy: actor, approvedBy, approvalId }, at);
        const detail = { templateId, version: version.version, approvalId, approvedBy };
        await recordAudit(tx, { actor, action: 'sms-template-published', subject, detail, at });
      });
    } catch (error) {
      // The same request twice at once: the other has published it.
      if ((await findPublication(this.database, key)) !== templateId) throw error;
    }
    return (await findVersion(this.database, templateId))!;
  }

  private check({ code, bn, en, acceptWarnings = false }: TemplateDraft): void {
    const findings = LANGUAGES.flatMap((language) => previewTemplate(code, language, { bn, en }[language]).findings);
    const error = findings.find(({ severity }) => severity === 'error');
    if (error) throw refusal('sms-template-faulty', factsOf(error));
    const [warning] = findings;
    if (warning && !acceptWarnings) throw refusal('sms-template-warned', factsOf(warning));
  }
}

function sameDraft(stored: TemplateVersion, { code, bn, en }: Pick<TemplateDraft, 'code' | 'bn' | 'en'>) {
  if (stored.code !== code || stored.bn !== bn || stored.en !== en) throw refusal('sms-template-key-conflict');
  return stored;
}

function factsOf(finding: TemplateFinding): Record<string, string | number> {
  const { language, rule } = finding;
  return {
    ...{ language, rule },
    ...('at' in finding && { at: finding.at }),
    ...('name' in finding && { name: finding.name }),
    ...('parts' in finding && { parts: finding.parts, partsWithout: finding.partsWithout }),
  };
}
