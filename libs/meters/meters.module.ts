import { Module } from '@nestjs/common';
import { Database } from '@vend/platform';
import { MetersService } from './meters.service';

/** Meters, connections, customers. Needs the global `Database` of PlatformModule. */
@Module({
  providers: [
    { provide: MetersService, inject: [Database], useFactory: (database: Database) => new MetersService(database) },
  ],
  exports: [MetersService],
})
export class MetersModule {}
