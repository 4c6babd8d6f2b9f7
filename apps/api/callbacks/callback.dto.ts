import { ApiProperty } from '@nestjs/swagger';

/** Described here, checked by libs/payments: the inbox decides what an event is. */
export class TopUpEventDto {
  @ApiProperty({ example: 'EV-20261121-000123' }) eventId!: string;
  @ApiProperty({ example: 'CK12AB34CD' }) transactionId!: string;
  @ApiProperty({ example: '40000001' }) reference!: string;
  @ApiProperty({ example: '500.00' }) amount!: string;
  @ApiProperty({ enum: ['BDT'] }) currency!: string;
  @ApiProperty({ enum: ['paid'] }) status!: string;
  @ApiProperty({ example: '2026-11-21T10:00:00+06:00' }) paidAt!: string;
  @ApiProperty({ example: '8801700000001', required: false }) payerMobile?: string;
}

export class ReceivedDto {
  @ApiProperty({ enum: [true] }) received!: true;
}
