export * from './chart';
export { cancellationEntry, vendEntry } from './entry';
export type { Entry, EntryTemplate, Fact, Funds, Posting, ReversibleTemplate, VendAmounts } from './entry';
export * from './ledger.errors';
export * from './ledger.module';
export * from './ledger.service';
export * from './store/ledger.queries';
export type { StoredEntry } from './store/ledger.store';
export * from './templates';
