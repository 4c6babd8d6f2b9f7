import { Module } from '@nestjs/common';
import { Database } from '@vend/platform';
import { Broadcasts } from './broadcasts.service';

/** Needs Database from the app. */
@Module({
  providers: [
    { provide: Broadcasts, useFactory: (database: Database) => new Broadcasts(database), inject: [Database] },
  ],
  exports: [Broadcasts],
})
export class BroadcastsModule {}
