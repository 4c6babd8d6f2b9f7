import { createHash } from 'node:crypto';
import { DomainError, type InstantMs } from '@vend/kernel';
import type { CampaignErrorCode } from './campaign.errors';
import { isExpired } from './expiry';
import type { VendingKeyFacts } from './key-change';

/** Why keys are changed: another supply group, a fresh key of the same group, or a new base date (STS.md 3.5). */
export const CAMPAIGN_KINDS = ['supply-group', 'key-revision', 'base-date'] as const;
export type CampaignKind = (typeof CAMPAIGN_KINDS)[number];

/** SGC and KRN name one vending key. */
export interface VendingKeyName {
  /** 6 digits. */
  readonly sgc: string;
  /** 1-9. */
  readonly krn: number;
}

/** What a key officer orders. The same order under the same name goes on with the same campaign. */
export interface CampaignOrder {
  /** 1 to 60 of a-z, 0-9, dot, hyphen; unique for ever. */
  readonly name: string;
  readonly kind: CampaignKind;
  /** Meters under this vending key … */
  readonly from: VendingKeyName;
  readonly to: VendingKeyName;
  /** The tariff index afterwards; null keeps each meter's own. */
  readonly ti: string | null;
  /** … of this office only; null: of all. */
  readonly office: string | null;
  /** SHA-256 of the list of meters, hex, when only those on a list are meant; else null. */
  readonly listHash: string | null;
}

const NAME = /^[a-z0-9][a-z0-9.-]{0,59}$/;

/** The order as one text: what is shown, and what a second `create` under the name must repeat. */
export function selectionText({ from, to, ti, office, listHash }: CampaignOrder): string {
  const parts = [`${from.sgc}/${from.krn} to ${to.sgc}/${to.krn}`];
  if (ti !== null) parts.push(`TI ${ti}`);
  if (office !== null) parts.push(`office ${office}`);
  if (listHash !== null) parts.push(`list ${listHash}`);
  return parts.join(', ');
}

/** 32 bytes over everything that an order says. */
export function definitionHash(order: CampaignOrder): Buffer {
  return createHash('sha256')
    .update(`${order.kind}|${selectionText(order)}`)
    .digest();
}

/**
 * Checks an order against the vending keys that the token server holds.
 *
 * @returns the key to go to
 * @throws {DomainError} campaign-name-invalid, campaign-ti-invalid, campaign-key-unknown, campaign-key-not-active,
 *   campaign-key-expired, campaign-kind-wrong
 */
export function checkOrder(order: CampaignOrder, keys: readonly VendingKeyFacts[], now: InstantMs): VendingKeyFacts {
  const refuse = (code: CampaignErrorCode, facts: Record<string, string | number> = {}): never => {
    throw new DomainError<CampaignErrorCode>(code, facts);
  };
  if (!NAME.test(order.name)) refuse('campaign-name-invalid');
  if (order.ti !== null && !/^\d{2}$/.test(order.ti)) refuse('campaign-ti-invalid');
  const keyOf = ({ sgc, krn }: VendingKeyName): VendingKeyFacts =>
    keys.find((key) => key.sgc === sgc && key.krn === krn) ?? refuse('campaign-key-unknown', { key: `${sgc}/${krn}` });
  const from = keyOf(order.from);
  const to = keyOf(order.to);
  const named = { key: `${to.sgc}/${to.krn}` };
  if (to.state !== 'active' || to.kind !== 'VUDK') refuse('campaign-key-not-active', named);
  if (isExpired(to, now)) refuse('campaign-key-expired', named);
  const fits = {
    'supply-group': to.sgc !== from.sgc && to.baseDate === from.baseDate,
    'key-revision': to.sgc === from.sgc && to.krn !== from.krn && to.baseDate === from.baseDate,
    'base-date': to.baseDate > from.baseDate,
  };
  if (!fits[order.kind]) refuse('campaign-kind-wrong', { kind: order.kind });
  return to;
}
