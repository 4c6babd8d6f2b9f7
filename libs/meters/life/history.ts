import type { Id, InstantMs, LocalDay } from '@vend/kernel';
import type { MeterKeys, MeterOwner, Crediting, Language, MeterStatus, Phase, SmsForm } from '../attributes';

/** What a customer's record says, and what its history keeps. */
export interface CustomerContent {
  readonly name: string;
  /** 8801XXXXXXXXX; it must not reach a log, a URL, job data or the audit trail. */
  readonly mobile: string | null;
  readonly address: string;
  readonly office: string;
  readonly language: Language;
  /** Receipts by SMS in words, or as the line for programs (docs/SMS.md); versions from before the choice: words. */
  readonly smsForm?: SmsForm;
  readonly closedOn: LocalDay | null;
}

/** Whether a connection is supplied; a closed one has no customer any more. */
export type Supply = 'connected' | 'disconnected' | 'closed';

export interface ConnectionContent {
  /** null: the customer's address. */
  readonly address: string | null;
  readonly tariffClass: string;
  readonly phase: Phase;
  /** Watts as a decimal string. */
  readonly sanctionedW: string;
  readonly supply: Supply;
  readonly disconnectedOn: LocalDay | null;
}

export interface MeterContent extends Omit<MeterKeys, 'pan' | 'tct'> {
  readonly owner: MeterOwner;
  readonly crediting: Crediting;
  readonly installedOn: LocalDay;
  readonly rentUntil: LocalDay | null;
  readonly modelId: Id | null;
  readonly status: MeterStatus;
  readonly closedOn: LocalDay | null;
}

export interface PersonContent {
  readonly role: 'owner' | 'tenant' | 'payer';
  readonly name: string;
  readonly mobile: string | null;
  readonly language: Language;
  readonly receivesSms: boolean;
  readonly removed: boolean;
}

/** The records that have a history, and what each keeps of itself. */
export interface RecordContents {
  readonly customer: CustomerContent;
  readonly connection: ConnectionContent;
  readonly meter: MeterContent;
  readonly person: PersonContent;
}
export type RecordKind = keyof RecordContents;

/** What a record was until it was changed. */
export interface FormerVersion<Kind extends RecordKind = RecordKind> {
  readonly record: Kind;
  readonly recordId: Id;
  /** Since when it had been so: `updated_at` of the row before the change. */
  readonly validFrom: InstantMs;
  readonly content: RecordContents[Kind];
}

/** Who ended a version, when and why. The instant is also the changed row's new `updated_at`. */
export interface ChangeNote {
  readonly at: InstantMs;
  /** `user:rahima`, `cli:import-meters`. */
  readonly by: string;
  readonly reason: string;
}

/** One version of a record: a former one, or the present, which has no end yet. */
export interface RecordVersion<Kind extends RecordKind = RecordKind> {
  readonly validFrom: InstantMs;
  readonly validTo: InstantMs | null;
  readonly content: RecordContents[Kind];
  /** Who made this version of the one before, and why; null: it is the first that is on record. */
  readonly made: { readonly by: string; readonly reason: string } | null;
}

/**
 * The version that held at an instant; undefined before the first that is on record.
 *
 * @param versions of one record, oldest first
 * @example versionAt(await readHistory(reader, present), at)?.content.sanctionedW
 */
export function versionAt<Kind extends RecordKind>(
  versions: readonly RecordVersion<Kind>[],
  at: InstantMs,
): RecordVersion<Kind> | undefined {
  return versions.findLast((version) => version.validFrom <= at && (version.validTo === null || at < version.validTo));
}
