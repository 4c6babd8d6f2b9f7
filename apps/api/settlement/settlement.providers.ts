import type { Provider } from '@nestjs/common';
import { Approvals } from '@vend/identity';
import { LedgerService } from '@vend/ledger';
import { MetersService } from '@vend/meters';
import { Database } from '@vend/platform';
import { BreakActions, Settlement, statementFiles, StatementImports } from '@vend/settlement';
import { MeterDues, VendingService } from '@vend/vending';
import { settlementPorts } from './settlement-ports';

/** The room of settlement, filled with the rooms that it needs. */
export function settlementProviders(files: { readonly folder: string; readonly maxBytes: number }): Provider[] {
  return [
    {
      provide: StatementImports,
      inject: [Database],
      useFactory: (database: Database) => new StatementImports(database, statementFiles(files.folder, files.maxBytes)),
    },
    {
      provide: Settlement,
      inject: [Database, LedgerService],
      useFactory: (database: Database, ledger: LedgerService) => new Settlement(database, ledger),
    },
    {
      provide: BreakActions,
      inject: [Database, LedgerService, Approvals, VendingService, MetersService],
      useFactory: (
        database: Database,
        ledger: LedgerService,
        approvals: Approvals,
        vending: VendingService,
        meters: MetersService,
      ) => {
        const dues = new MeterDues(database, ledger);
        return new BreakActions({ database, ledger, approvals, ports: settlementPorts({ vending, meters, dues }) });
      },
    },
  ];
}
