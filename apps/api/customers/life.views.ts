import { ApiProperty } from '@nestjs/swagger';
import { formatInstant, formatKwh } from '@vend/kernel';
import type {
  ConnectionCard,
  ConnectionContent,
  CustomerCard,
  CustomerContent,
  MeterContent,
  NextTerms,
  PersonContent,
  RecordKind,
  RecordVersion,
  StandingMeter,
  StandingPerson,
} from '@vend/meters';

const SUPPLIES = ['connected', 'disconnected', 'closed'] as const;
const ID = '019a9e2c-3f51-7c0a-8d7e-2b1f0c9d8e7f';

export class PersonDto {
  @ApiProperty({ example: ID }) personId!: string;
  @ApiProperty({ enum: ['owner', 'tenant', 'payer'] }) role!: PersonContent['role'];
  @ApiProperty({ example: 'আব্দুল করিম' }) name!: string;
  @ApiProperty({ type: String, nullable: true, example: '880170****001', description: 'Only its ends' })
  mobile!: string | null;
  @ApiProperty({ enum: ['bn', 'en'] }) language!: 'bn' | 'en';
  @ApiProperty({ example: true, description: 'Receipts go to this person too' }) receivesSms!: boolean;
}

export class OneMeterDto {
  @ApiProperty({ example: '600727000000000009' }) meterNo!: string;
  @ApiProperty({ enum: ['active', 'closed'] }) status!: MeterContent['status'];
  @ApiProperty({ enum: ['utility', 'customer'] }) owner!: MeterContent['owner'];
  @ApiProperty({ enum: ['currency', 'energy'] }) crediting!: MeterContent['crediting'];
  @ApiProperty({ example: '2026-11-02' }) installedOn!: string;
  @ApiProperty({ type: String, nullable: true, example: null }) closedOn!: string | null;
  @ApiProperty({ description: 'Encryption algorithm', enum: ['07', '11'] }) ea!: string;
  @ApiProperty({ description: 'Supply group code', example: '201457' }) sgc!: string;
  @ApiProperty({ description: 'Key revision number', example: 1 }) krn!: number;
  @ApiProperty({ description: 'Tariff index', example: '01' }) ti!: string;
  @ApiProperty({ description: 'Key expiry number', example: 255 }) ken!: number;
  @ApiProperty({ enum: [1993, 2014, 2035] }) baseDate!: number;
}

export class NextTermsDto {
  @ApiProperty({ example: '2026-12-01' }) from!: string;
  @ApiProperty({ example: 'LT-A' }) tariffClass!: string;
  @ApiProperty({ example: '5.0' }) sanctionedKw!: string;
}

export class ConnectionDto {
  @ApiProperty({ example: ID }) connectionId!: string;
  @ApiProperty({ type: String, nullable: true, example: null, description: "null: the customer's" })
  address!: string | null;
  @ApiProperty({ example: 'LT-A' }) tariffClass!: string;
  @ApiProperty({ enum: [1, 3] }) phase!: number;
  @ApiProperty({ example: '2.5' }) sanctionedKw!: string;
  @ApiProperty({ enum: SUPPLIES }) supply!: ConnectionContent['supply'];
  @ApiProperty({ type: String, nullable: true, example: null }) disconnectedOn!: string | null;
  @ApiProperty({ type: NextTermsDto, nullable: true, description: 'What counts from a later day on' })
  next!: NextTermsDto | null;
}

export class ConnectionCardDto extends ConnectionDto {
  @ApiProperty({ type: [OneMeterDto], description: 'The one on the wall first' }) meters!: OneMeterDto[];
  @ApiProperty({ type: [PersonDto] }) people!: PersonDto[];
}

export class CustomerDto {
  @ApiProperty({ example: '40000001' }) customerNo!: string;
  @ApiProperty({ example: 'রহিমা খাতুন' }) name!: string;
  @ApiProperty({ type: String, nullable: true, example: '880170****001', description: 'Only its ends' })
  mobile!: string | null;
  @ApiProperty({ example: 'বাড়ি 12, কাজলা' }) address!: string;
  @ApiProperty({ example: 'Rajshahi S&D 1' }) office!: string;
  @ApiProperty({ enum: ['bn', 'en'] }) language!: 'bn' | 'en';
  @ApiProperty({ enum: ['words', 'line'], example: 'words' }) smsForm!: 'words' | 'line';
  @ApiProperty({ type: String, nullable: true, example: null }) closedOn!: string | null;
}

export class CustomerCardDto extends CustomerDto {
  @ApiProperty({ type: [ConnectionCardDto] }) connections!: ConnectionCardDto[];
}

export class VersionDto {
  @ApiProperty({ enum: ['customer', 'connection', 'meter'] }) record!: RecordKind;
  @ApiProperty({ example: '2026-01-10T12:00:00.000+06:00' }) validFrom!: string;
  @ApiProperty({
    type: String,
    nullable: true,
    example: '2026-11-21T10:00:05.123+06:00',
    description: 'null: holds now',
  })
  validTo!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'user:selim', description: 'null: first on record' })
  by!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'display dead' }) reason!: string | null;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { sanctionedW: '2500', supply: 'connected' },
    description: 'What the record said; of a mobile number only its ends',
  })
  content!: Record<string, unknown>;
}

export class HistoryDto {
  @ApiProperty({ type: [VersionDto], description: 'Oldest first, record by record' }) items!: VersionDto[];
}

/** Enough to tell two numbers apart, too little to call one. @example maskedMobile('8801700000001') // '880170****001' */
export function maskedMobile(mobile: string | null): string | null {
  return mobile === null ? null : `${mobile.slice(0, 6)}****${mobile.slice(-3)}`;
}

export function personView({ recordId, content }: StandingPerson): PersonDto {
  const { role, name, language, receivesSms } = content;
  return { personId: recordId, role, name, mobile: maskedMobile(content.mobile), language, receivesSms };
}

export function oneMeterView({ pan, content }: StandingMeter): OneMeterDto {
  const { status, owner, crediting, installedOn, closedOn, ea, sgc, krn, ti, ken, baseDate } = content;
  return { meterNo: pan, status, owner, crediting, installedOn, closedOn, ea, sgc, krn, ti, ken, baseDate };
}

export function connectionView({ connection }: Pick<ConnectionCard, 'connection'>): ConnectionDto {
  const { address, tariffClass, phase, sanctionedW, supply, disconnectedOn } = connection.content;
  return {
    connectionId: connection.recordId,
    ...{ address, tariffClass, phase, sanctionedKw: formatKwh(BigInt(sanctionedW)), supply, disconnectedOn },
    next: connection.next && nextView(connection.next),
  };
}

function nextView({ from, tariffClass, sanctionedW }: NextTerms): NextTermsDto {
  return { from, tariffClass, sanctionedKw: formatKwh(sanctionedW) };
}

export function customerView(customerNo: string, content: CustomerContent): CustomerDto {
  const { name, address, office, language, smsForm = 'words', closedOn } = content;
  return { customerNo, name, mobile: maskedMobile(content.mobile), address, office, language, smsForm, closedOn };
}

export function customerCardView({ customer, connections }: CustomerCard): CustomerCardDto {
  return {
    ...customerView(customer.customerNo, customer.content),
    connections: connections.map((card) => ({
      ...connectionView(card),
      meters: card.meters.map(oneMeterView),
      people: card.people.map(personView),
    })),
  };
}

export function versionsView(record: RecordKind, versions: readonly RecordVersion[]): VersionDto[] {
  return versions.map(({ validFrom, validTo, made, content }) => ({
    record,
    validFrom: formatInstant(validFrom),
    validTo: validTo === null ? null : formatInstant(validTo),
    by: made?.by ?? null,
    reason: made?.reason ?? null,
    content: 'mobile' in content ? { ...content, mobile: maskedMobile(content.mobile) } : { ...content },
  }));
}
