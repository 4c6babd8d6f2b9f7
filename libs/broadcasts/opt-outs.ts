import type { Id } from '@vend/kernel';
import { TEMPLATES } from '@vend/messages';
import type { Reader } from '@vend/platform';
import type { Broadcast } from './broadcast';

/** Which of these customers want no notices. */
export type OptOuts = (reader: Reader, customerIds: readonly Id[]) => Promise<ReadonlySet<Id>>;

/** The same for a stretch of customers by their ids: after one (undefined: from the first), up to and with another. */
export type OptOutsBetween = (reader: Reader, after: Id | undefined, through: Id) => Promise<ReadonlySet<Id>>;

/** False for what everybody gets who owes. */
export function mayOptOut({ template }: Pick<Broadcast, 'template'>): boolean {
  return TEMPLATES[template].optOut;
}
