export { INBOX_MOVES, type InboxConclusion, type InboxState } from './inbox.lifecycle';
export { InboxService, type InboxEnding, type InboxItem, type InboxReceipt } from './inbox.service';
export { PAYMENTS_ERRORS, type PaymentsError, type PaymentsErrorCode } from './payments.errors';
export { PaymentsModule } from './payments.module';
export { parseTopUp, type TopUp } from './top-up';
export * from './providers/provider';
export * from './providers/provider-draft';
export { openProviders, Providers } from './providers/providers';
export { listProviders, saveProvider, type ProviderRecord } from './store/providers';
