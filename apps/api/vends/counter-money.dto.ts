import { ApiProperty } from '@nestjs/swagger';
import type { VendKind } from '@vend/ledger';
import { formatInstant, formatTaka } from '@vend/kernel';
import type { MeterRef } from '@vend/meters';
import type { RechargeRecord } from '@vend/vending';
import { FlagField, MeterNoField, OneOfField, TakaField, WordField, WordsField } from '../http/fields';
import { moneyView } from '../http/format';
import { EnergyDto, MoneyDto, TokenDto } from '../http/priced.dto';
import { energyView, tokenView } from '../http/priced.view';

export class FeeRequest {
  @MeterNoField() meterNo!: string;
  @WordField('The fee, as the list of fees names it', 'meter-test') fee!: string;
  @FlagField('Metered through current transformers: some fees ask') currentTransformers?: true;
  @TakaField() amount!: string;
}

export class ArrearsPaymentRequest {
  @MeterNoField() meterNo!: string;
  @TakaField() amount!: string;
}

export class DepositCreditRequest {
  @MeterNoField() meterNo!: string;
  @TakaField() amount!: string;
  @WordsField('The reference of the paper that shows the deposit', 'D-1177/2009', 60) paper!: string;
  @WordsField('Why now; the second person reads it', 'Prepaid meter installed on 2 November') reason!: string;
}

const PLANS = ['none', 'instalment', 'percent'] as const;

export class ArrearsImportRequest {
  @TakaField() amount!: string;
  @OneOfField(PLANS, 'How recharges pay it off. none: they do not, it is paid at the counter')
  plan!: (typeof PLANS)[number];
  @TakaField({ optional: true }) monthly?: string;
  @WordField('instalment: the first month that owes one', '2026-12', { optional: true }) firstMonth?: string;
  @WordField('percent: of each recharge, in hundredths of a percent', '2000', { optional: true }) percentBp?: string;
  @TakaField({ optional: true }) floor?: string;
  @TakaField({ optional: true }) ceiling?: string;
  @WordField('The most that a recharge may lose to the plan, in hundredths of a percent', '5000', { optional: true })
  capBp?: string;
  @WordsField('The reference of the bill or of the paper that shows the debt', 'B-2091/2026', 60) paper!: string;
  @WordsField('Why; the second person reads it', 'Unpaid bill of the post-paid meter') reason!: string;
}

export class DepositImportRequest {
  @TakaField() amount!: string;
  @WordsField('The reference of the paper that shows the deposit', 'D-1177/2009', 60) paper!: string;
  @WordsField('Why now; the second person reads it', 'Post-paid meter taken off on 2 November') reason!: string;
}

export class DepositDto {
  @ApiProperty({ example: '600727000000000009' }) meterNo!: string;
  @ApiProperty({ description: "Held for the meter's customer" }) amount!: MoneyDto;
  @ApiProperty({ example: 'D-1177/2009' }) paper!: string;
}

export class WriteOffRequest {
  @TakaField() amount!: string;
  @WordsField('Why nobody will pay it; the second person reads it', 'House washed away, order 31/2026') reason!: string;
}

export class ArrearsDto {
  @ApiProperty({ example: '600727000000000009' }) meterNo!: string;
  @ApiProperty() amount!: MoneyDto;
  @ApiProperty({ description: 'What the customer owes now, VAT included' }) owed!: MoneyDto;
}

export class FeeDto {
  @ApiProperty({ example: 'meter-test' }) fee!: string;
  @ApiProperty({ example: '200.00', description: 'Taka, before VAT' }) net!: string;
  @ApiProperty({ example: '30.00', description: 'Taka: 15 % added' }) vat!: string;
  @ApiProperty({ description: 'What the customer pays' }) amount!: MoneyDto;
}

export class FeeListDto {
  @ApiProperty({ example: '600727000000000009' }) meterNo!: string;
  @ApiProperty({ type: [FeeDto] }) items!: FeeDto[];
}

export class CounterVendDto {
  @ApiProperty({ example: '019a9e2c-3f51-7c0a-8d7e-2b1f0c9d8e7f' }) rechargeId!: string;
  @ApiProperty({ example: '20261121-8F3A2C7D1E0' }) receiptNo!: string;
  @ApiProperty({ enum: ['fee', 'arrears-payment', 'deposit-credit', 'offline-pack'] }) kind!: VendKind;
  @ApiProperty({ example: '600727000000000009' }) meterNo!: string;
  @ApiProperty({ example: '40000001' }) customerNo!: string;
  @ApiProperty({ example: 'রহিমা খাতুন' }) customerName!: string;
  @ApiProperty({ description: 'What the customer paid; zero for a deposit, which is money of before' })
  amount!: MoneyDto;
  @ApiProperty({ example: '30.00', description: 'Taka' }) vat!: string;
  @ApiProperty({ example: '200.00', description: 'Taka: the fee before VAT' }) fee!: string;
  @ApiProperty({ example: '500.00', description: 'Taka that paid arrears off' }) arrearsPaid!: string;
  @ApiProperty({ type: String, nullable: true, example: '700.00', description: 'Taka still owed afterwards' })
  arrearsLeft!: string | null;
  @ApiProperty({ example: '800.00', description: 'Taka of the deposit that was given back' }) deposit!: string;
  @ApiProperty({ example: '500.00', description: 'Taka that became energy' }) energyMoney!: string;
  @ApiProperty({ type: EnergyDto, nullable: true }) energy!: EnergyDto | null;
  @ApiProperty({ example: '0.35', description: "Taka too small for a token's step, carried" }) carried!: string;
  @ApiProperty({ type: [TokenDto], description: 'In the order in which they are typed; money alone has none' })
  tokens!: TokenDto[];
  @ApiProperty({ example: '2026-11-21T10:00:05.123+06:00' }) bookedAt!: string;
}

export function counterVendView(record: RechargeRecord, meter: MeterRef): CounterVendDto {
  const vend = record.vend!;
  const { amounts, detail } = vend;
  return {
    rechargeId: record.rechargeId,
    receiptNo: vend.receiptNo,
    kind: vend.kind,
    meterNo: meter.pan,
    customerNo: meter.customerNo,
    customerName: meter.customerName,
    amount: moneyView(record.grossPaisa),
    vat: formatTaka(amounts.vatPaisa),
    fee: formatTaka(amounts.feePaisa),
    arrearsPaid: formatTaka(amounts.arrearsPaisa),
    arrearsLeft: (detail?.['arrearsLeftTaka'] as string | undefined) ?? null,
    deposit: formatTaka(amounts.depositPaisa),
    energyMoney: formatTaka(amounts.energyPaisa),
    energy: vend.tokens.length > 0 ? energyView(vend) : null,
    carried: formatTaka(amounts.remainderOutPaisa),
    tokens: record.state === 'APPLIED' ? vend.tokens.map(tokenView) : [],
    bookedAt: formatInstant(record.receivedAt),
  };
}
