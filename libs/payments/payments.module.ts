import { Module } from '@nestjs/common';
import { Database } from '@vend/platform';
import { InboxService } from './inbox.service';

/** The inbox; needs the platform's Database, which is global. */
@Module({
  providers: [
    { provide: InboxService, inject: [Database], useFactory: (database: Database) => new InboxService(database) },
  ],
  exports: [InboxService],
})
export class PaymentsModule {}
