import { Body, Controller, Get, HttpCode, Post, Put } from '@nestjs/common';
import { z } from 'zod';
import { ZodPipe } from '../http/zod.pipe';
import { SmscCenter, type RecordedPdu } from './smsc-center';
import type { ShownMessage } from './smsc-phones';
import { smscAccounts, smscFaults, type SmscFaults } from './smsc-settings';

const phoneQuestion = z.strictObject({ msisdn: z.string().regex(/^8801[3-9]\d{8}$/) });
const customersSms = z.strictObject({
  /** The account that it is brought to. */
  systemId: z.string().min(1).max(15),
  from: z.string().regex(/^\d{3,15}$/),
  to: z.string().min(1).max(20),
  text: z.string().min(1).max(2000),
});

/** The short message centre's desk: its faults, its phones, and customers who write. Numbers only in bodies. */
@Controller('smsc')
export class SmscController {
  constructor(private readonly center: SmscCenter) {}

  @Get('faults')
  faults(): SmscFaults {
    return this.center.faults;
  }

  /** What is not named is healthy again. */
  @Put('faults')
  setFaults(@Body(new ZodPipe(smscFaults)) faults: SmscFaults): SmscFaults {
    this.center.setFaults(faults);
    return this.center.faults;
  }

  @Put('accounts')
  @HttpCode(204)
  setAccounts(@Body(new ZodPipe(smscAccounts)) accounts: z.output<typeof smscAccounts>): void {
    this.center.setAccounts(accounts);
  }

  @Get('state')
  state(): ReturnType<SmscCenter['state']> {
    return this.center.state();
  }

  @Post('phone')
  @HttpCode(200)
  phone(@Body(new ZodPipe(phoneQuestion)) { msisdn }: z.output<typeof phoneQuestion>): { messages: ShownMessage[] } {
    return { messages: this.center.phones.messages(msisdn) };
  }

  @Post('mo')
  @HttpCode(204)
  write(@Body(new ZodPipe(customersSms)) sms: z.output<typeof customersSms>): void {
    this.center.write(sms.systemId, sms.from, sms.to, sms.text);
  }

  /** Breaks every connection. */
  @Post('drop')
  @HttpCode(204)
  drop(): void {
    this.center.dropAll();
  }

  /** Every PDU since `record` was switched on, in hexadecimal. */
  @Get('pdus')
  pdus(): { pdus: readonly RecordedPdu[] } {
    return { pdus: this.center.pdus() };
  }
}
