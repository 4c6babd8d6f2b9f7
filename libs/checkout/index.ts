export type * from './gateway';
export { CHECKOUT_CONTRACTS, NOTICE_CONTRACTS } from './contracts';
