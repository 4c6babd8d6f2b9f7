import { Module } from '@nestjs/common';
import { Database } from '@vend/platform';
import { Watch } from './watch.service';

/** Needs Database from the app. */
@Module({
  providers: [{ provide: Watch, useFactory: (database: Database) => new Watch(database), inject: [Database] }],
  exports: [Watch],
})
export class WatchModule {}
