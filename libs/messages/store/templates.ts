import { idFromBytes, idToBytes, newId, type Id, type InstantMs } from '@vend/kernel';
import type { Reader, Row, Tx } from '@vend/platform';
import type { TemplateCode } from '../codes';

/** Both languages of one version, as inserted, with when it was last published. */
export interface TemplateVersion {
  readonly templateId: Id;
  readonly code: TemplateCode;
  readonly version: number;
  readonly bn: string;
  readonly en: string;
  /** `release`, or `user:<name>`. */
  readonly madeBy: string;
  readonly madeAt: InstantMs;
  readonly reason: string | null;
  /** The last time; null while it is a draft. */
  readonly publishedAt: InstantMs | null;
  readonly publishedBy: string | null;
  /** True for the one that is sent. */
  readonly current: boolean;
}

/** Of each template its versions, the newest first; the current one is what was published last. */
const VERSIONS = `SELECT t.*, p.published_at, p.approved_by, p.id IS NOT NULL AND p.id = (
    SELECT q.id FROM sms_template_publications q JOIN sms_templates u ON u.id = q.template_id
    WHERE u.code = t.code ORDER BY q.published_at DESC, q.id DESC LIMIT 1) AS is_current
  FROM sms_templates t
  LEFT JOIN sms_template_publications p ON p.id = (
    SELECT r.id FROM sms_template_publications r WHERE r.template_id = t.id
    ORDER BY r.published_at DESC, r.id DESC LIMIT 1)`;

export async function readVersions(reader: Reader, code?: TemplateCode): Promise<TemplateVersion[]> {
  const rows = await reader.read(
    `${VERSIONS} ${code === undefined ? '' : 'WHERE t.code = ?'} ORDER BY t.code, t.version DESC`,
    code === undefined ? [] : [code],
  );
  return rows.map(versionOf);
}

export async function findVersion(reader: Reader, templateId: Id): Promise<TemplateVersion | undefined> {
  const [row] = await reader.read(`${VERSIONS} WHERE t.id = ?`, [idToBytes(templateId)]);
  return row && versionOf(row);
}

export async function findDraft(reader: Reader, key: Id): Promise<TemplateVersion | undefined> {
  const [row] = await reader.read(`${VERSIONS} WHERE t.request_key = ?`, [idToBytes(key)]);
  return row && versionOf(row);
}

/** What a publication's Idempotency-Key has published. */
export async function findPublication(reader: Reader, key: Id): Promise<Id | undefined> {
  const [row] = await reader.read<{ template_id: Buffer }>(
    'SELECT template_id FROM sms_template_publications WHERE request_key = ?',
    [idToBytes(key)],
  );
  return row && idFromBytes(row.template_id);
}

export interface Draft {
  readonly key: Id;
  readonly code: TemplateCode;
  readonly bn: string;
  readonly en: string;
  readonly reason: string;
  readonly madeBy: string;
}

/** @throws a duplicate-key error when somebody took the version's number, or the key was used, meanwhile */
export async function insertDraft(tx: Tx, draft: Draft, at: InstantMs): Promise<Id> {
  const templateId = newId(at);
  await tx.write(
    `INSERT INTO sms_templates (id, code, version, body_bn, body_en, request_key, reason, made_by, made_at)
     SELECT ?, ?, COALESCE(MAX(version), 0) + 1, ?, ?, ?, ?, ?, ? FROM sms_templates WHERE code = ?`,
    [
      idToBytes(templateId),
      draft.code,
      draft.bn,
      draft.en,
      idToBytes(draft.key),
      draft.reason,
      draft.madeBy,
      new Date(at),
      draft.code,
    ],
  );
  return templateId;
}

export interface Publication {
  readonly key: Id;
  readonly templateId: Id;
  readonly askedBy: string;
  readonly approvedBy: string;
  readonly approvalId: Id;
}

export async function insertPublication(tx: Tx, publication: Publication, at: InstantMs): Promise<void> {
  const { key, templateId, askedBy, approvedBy, approvalId } = publication;
  await tx.write(
    `INSERT INTO sms_template_publications
       (id, template_id, request_key, asked_by, approved_by, approval_id, published_at) VALUES (?)`,
    [
      [
        idToBytes(newId(at)),
        idToBytes(templateId),
        idToBytes(key),
        askedBy,
        approvedBy,
        idToBytes(approvalId),
        new Date(at),
      ],
    ],
  );
}

function versionOf(row: Row): TemplateVersion {
  return {
    templateId: idFromBytes(row['id'] as Buffer),
    code: row['code'] as TemplateCode,
    version: row['version'] as number,
    bn: row['body_bn'] as string,
    en: row['body_en'] as string,
    madeBy: (row['made_by'] as string | null) ?? 'release',
    madeAt: (row['made_at'] as Date).getTime(),
    reason: row['reason'] as string | null,
    publishedAt: (row['published_at'] as Date | null)?.getTime() ?? null,
    publishedBy: row['published_at'] === null ? null : ((row['approved_by'] as string | null) ?? 'release'),
    current: Number(row['is_current']) === 1,
  };
}
