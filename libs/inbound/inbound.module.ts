import { Module } from '@nestjs/common';
import { Database } from '@vend/platform';
import { NoticeChoices } from './notice-choices';

/** What the api asks of this room; needs the platform's Database, which is global. */
@Module({
  providers: [
    { provide: NoticeChoices, inject: [Database], useFactory: (database: Database) => new NoticeChoices(database) },
  ],
  exports: [NoticeChoices],
})
export class InboundModule {}
