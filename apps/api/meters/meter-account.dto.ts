import { ApiProperty } from '@nestjs/swagger';
import { VEND_KINDS, type VendKind } from '@vend/ledger';
import { formatInstant, formatKwh } from '@vend/kernel';
import { CHANNELS, type Channel, type MeterAccount, type QuoteOffer, type RechargeRecord } from '@vend/vending';
import { moneyView, monthText } from '../http/format';
import { EnergyDto, MoneyDto } from '../http/priced.dto';
import { energyView } from '../http/priced.view';

const ID = '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42';

class MonthsDueDto {
  @ApiProperty({ type: [String], example: ['2026-10', '2026-11'], description: 'Months whose fixed charges come next' })
  months!: string[];
  @ApiProperty({ description: 'Meter rent and demand charge of those months' }) fixedCharges!: MoneyDto;
  @ApiProperty({ description: 'The least that can be sold now' }) minimumRecharge!: MoneyDto;
}

/** Where a meter's account stands between recharges. */
export class MeterAccountDto {
  @ApiProperty({ example: '600727000000000009' }) meterNo!: string;
  @ApiProperty({ description: 'Put on tokens this month, without charges and VAT' }) bought!: MoneyDto;
  @ApiProperty({
    ...{ type: String, nullable: true, example: '145.1' },
    description: 'The same in kWh; null for a meter that is credited in Taka',
  })
  boughtKwh!: string | null;
  @ApiProperty({
    ...{ type: MoneyDto, nullable: true },
    description: 'What one kWh more would cost, without VAT and rebate; null where the meter prices by itself',
  })
  nextUnit!: MoneyDto | null;
  @ApiProperty({ description: 'Owed of before, VAT included' }) arrears!: MoneyDto;
  @ApiProperty({
    type: MonthsDueDto,
    nullable: true,
    description: 'null: nothing can be sold to this meter at present',
  })
  due!: MonthsDueDto | null;
}

/** A line of what was sold to a meter. No token is here: those are on the receipt. */
export class MeterVendDto {
  @ApiProperty({ example: ID }) rechargeId!: string;
  @ApiProperty({ example: ID, description: 'For sending its receipt by SMS again' }) vendId!: string;
  @ApiProperty({ example: 'NV-261121-7K3M9QXA2T' }) receiptNo!: string;
  @ApiProperty({ enum: VEND_KINDS }) kind!: VendKind;
  @ApiProperty({ enum: CHANNELS }) channel!: Channel;
  @ApiProperty({ example: 'till:NESCO-RAJ-01', description: 'The till or the company that took the money' })
  source!: string;
  @ApiProperty({ example: '2026-11-21T10:00:05.123+06:00' }) bookedAt!: string;
  @ApiProperty() amount!: MoneyDto;
  @ApiProperty({ type: EnergyDto, nullable: true }) energy!: EnergyDto | null;
  @ApiProperty({ example: 1, description: 'How many tokens it has' }) tokenCount!: number;
}

export class MeterVendsDto {
  @ApiProperty({ type: [MeterVendDto], description: 'The latest first; cancelled ones left out' })
  items!: MeterVendDto[];
  @ApiProperty({ type: String, nullable: true, example: null, description: 'null after the last page' })
  nextCursor!: string | null;
}

/** @param least the least that can be sold, if anything can */
export function meterAccountView(meterNo: string, account: MeterAccount, least?: QuoteOffer): MeterAccountDto {
  const { boughtPaisa, boughtWh, nextUnitPaisa, arrearsPaisa } = account;
  return {
    meterNo,
    bought: moneyView(boughtPaisa),
    boughtKwh: boughtWh === null ? null : formatKwh(boughtWh),
    nextUnit: nextUnitPaisa === null ? null : moneyView(nextUnitPaisa),
    arrears: moneyView(arrearsPaisa),
    due: least
      ? {
          months: least.quote.months.map(monthText),
          fixedCharges: moneyView(least.quote.rentPaisa + least.quote.demandPaisa),
          minimumRecharge: moneyView(least.quote.minimumRechargePaisa),
        }
      : null,
  };
}

/** @param record with its vend, as lists of vends have it */
export function meterVendView({ vend, ...record }: RechargeRecord): MeterVendDto {
  const { rechargeId, kind, channel, source, receivedAt, grossPaisa } = record;
  return {
    ...{ rechargeId, kind, channel, source, vendId: vend!.vendId, receiptNo: vend!.receiptNo },
    ...{ bookedAt: formatInstant(receivedAt), amount: moneyView(grossPaisa) },
    ...{ energy: energyView(vend!), tokenCount: vend!.tokens.length },
  };
}
