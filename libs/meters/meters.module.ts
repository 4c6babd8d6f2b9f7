import { Module, type Provider } from '@nestjs/common';
import { LedgerService } from '@vend/ledger';
import { Database } from '@vend/platform';
import { LifeCards } from './life/cards';
import { AccountClosing } from './life/closing';
import { CustomerChanges } from './life/customers';
import { Installations } from './life/installation';
import { Replacements } from './life/replacement';
import { Supplies } from './life/supply';
import { MetersService } from './meters.service';

const onDatabase = <T>(type: new (database: Database) => T): Provider => ({
  provide: type,
  inject: [Database],
  useFactory: (database: Database) => new type(database),
});
const onBooks = <T>(type: new (database: Database, ledger: LedgerService) => T): Provider => ({
  provide: type,
  inject: [Database, LedgerService],
  useFactory: (database: Database, ledger: LedgerService) => new type(database, ledger),
});

/** Meters, connections, customers, and their life. Needs the global `Database` and `LedgerService`. */
@Module({
  providers: [
    ...[MetersService, LifeCards, CustomerChanges, Installations, Supplies].map((type) => onDatabase<object>(type)),
    ...[Replacements, AccountClosing].map((type) => onBooks<object>(type)),
  ],
  exports: [MetersService, LifeCards, CustomerChanges, Installations, Supplies, Replacements, AccountClosing],
})
export class MetersModule {}
