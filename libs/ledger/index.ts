export * from './chart';
export * from './entry';
export * from './ledger.module';
export * from './ledger.service';
export * from './store/ledger.queries';
