import { Module } from '@nestjs/common';
import { InboxService } from './inbox.service';

/** The inbox; needs the platform's Database, which is global. */
@Module({ providers: [InboxService], exports: [InboxService] })
export class PaymentsModule {}
