import type { Text } from '../../shared/words';
import { CASE_WORKS } from './case-works';
import { TOP_UP_WORK } from './float-work';
import { MONEY_WORKS } from './money-works';
import { CONNECTION_WORKS, CUSTOMER_WORKS, INSTALL_WORK } from './record-works';
import { ROW_WORKS } from './row-works';
import { TOKEN_WORKS } from './token-works';
import type { Work } from './work';

/** What the card of a meter offers, in its order; each person sees what is theirs. */
export const METER_WORK_GROUPS: readonly { readonly title: Text; readonly works: readonly Work[] }[] = [
  { title: { bn: 'টোকেন', en: 'Tokens' }, works: TOKEN_WORKS },
  { title: { bn: 'টাকা', en: 'Money' }, works: MONEY_WORKS },
  { title: { bn: 'সংযোগ ও মিটার', en: 'Connection and meter' }, works: CONNECTION_WORKS },
];

/** Every one of them. */
export const ALL_WORKS: readonly Work[] = [
  ...METER_WORK_GROUPS.flatMap(({ works }) => works),
  ...ROW_WORKS,
  ...CUSTOMER_WORKS,
  INSTALL_WORK,
  TOP_UP_WORK,
  ...Object.values(CASE_WORKS),
];

/** By its name, as an address or a kept order has it; undefined when there is none. @example workNamed('fee') */
export function workNamed(name: string | undefined): Work | undefined {
  return ALL_WORKS.find((work) => work.name === name);
}
