import { ApiProperty } from '@nestjs/swagger';
import { Equals, IsIn, IsString, Length, Matches, ValidateIf } from 'class-validator';
import { COMPLAINTS, type Complaint } from '@vend/reports';

const EVENTS_USUAL = 10;
const ID = '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42';
const AT = '2026-11-21T10:00:05.123+06:00';

function Optional() {
  return ValidateIf((_body, value) => value !== undefined);
}

/** What may stand in a URL: no phone number and no token. */
export class TraceQuery {
  @ApiProperty({ required: false, example: '40000001', description: 'Meter number, DRN or customer number' })
  @Optional()
  @Matches(/^[0-9A-Za-z/-]{1,20}$/)
  meter?: string;

  @ApiProperty({
    required: false,
    example: 'CK12AB34CD',
    description: "The provider's transaction id, or our recharge id",
  })
  @Optional()
  @Matches(/^[\x21-\x7e]{1,64}$/)
  transactionId?: string;

  @ApiProperty({ required: false, example: 'NV-261121-7K3M9QXA2T' })
  @Optional()
  @Matches(/^[0-9A-Za-z-]{1,20}$/)
  receiptNo?: string;

  @ApiProperty({
    required: false,
    enum: COMPLAINTS,
    example: 'refused',
    description: 'What bears on it is named first',
  })
  @Optional()
  @IsIn(COMPLAINTS)
  complaint?: Complaint;

  @ApiProperty({ required: false, type: String, default: String(EVENTS_USUAL), example: '10', description: '1 to 50' })
  @Optional()
  @Matches(/^(?:[1-9]|[1-4]\d|50)$/)
  limit?: string;
}

export class TraceRequest extends TraceQuery {
  @ApiProperty({ required: false, example: '01700000001', description: 'A phone number of the customer' })
  @Optional()
  @IsString()
  @Length(1, 20)
  phone?: string;

  @ApiProperty({
    required: false,
    example: '1234 5678 9012 3456 7890',
    description: '20 digits, with blanks or hyphens',
  })
  @Optional()
  @Matches(/^(?:[ -]?\d){20}$/)
  token?: string;

  @ApiProperty({ required: false, enum: [true], example: true, description: 'Whole tokens; put on record' })
  @Optional()
  @Equals(true)
  showTokens?: true;
}

/** @example eventsOf({ limit: '20' }) // 20 */
export function eventsOf({ limit }: TraceQuery): number {
  return limit === undefined ? EVENTS_USUAL : Number(limit);
}

class TraceWordsDto {
  @ApiProperty({ example: 'The SMS was on the phone on 2026-11-21 10:00.' }) en!: string;
  @ApiProperty({ example: '2026-11-21 10:00 তারিখে এসএমএস ফোনে পৌঁছেছে।' }) bn!: string;
}

class FindingDto {
  @ApiProperty({ example: 'key-change-missing', description: 'Stable; docs/API.md lists them' }) code!: string;
  @ApiProperty({ type: String, nullable: true, example: ID }) rechargeId!: string | null;
  @ApiProperty({
    type: Object,
    example: { receiptNo: 'NV-261121-7K3M9QXA2T', count: 2 },
    description: 'The facts in the sentences',
  })
  facts!: Readonly<Record<string, string | number>>;
  @ApiProperty({ description: 'What is so' }) says!: TraceWordsDto;
  @ApiProperty({ description: 'What to do next' }) next!: TraceWordsDto;
}

class TraceMoneyDto {
  @ApiProperty({ example: '500.00' }) value!: string;
  @ApiProperty({ example: 'BDT' }) currency!: string;
}

class TracedMeterDto {
  @ApiProperty({ example: '600727000000000009' }) meterNo!: string;
  @ApiProperty({ enum: ['active', 'closed'], example: 'active' }) status!: string;
  @ApiProperty({ example: '40000001' }) customerNo!: string;
  @ApiProperty({ example: 'রহিমা খাতুন' }) customerName!: string;
  @ApiProperty({ example: 'Rajshahi S&D 1' }) office!: string;
  @ApiProperty({ example: true }) hasPhone!: boolean;
  @ApiProperty({ type: String, nullable: true, example: 'demo-hes' }) headEnd!: string | null;
  @ApiProperty() arrears!: TraceMoneyDto;
  @ApiProperty({ description: 'Surcharge, penalty and adjustments due' }) dues!: TraceMoneyDto;
  @ApiProperty({ type: String, nullable: true, example: '2026-11' }) chargedThrough!: string | null;
  @ApiProperty({ enum: ['due', 'issued'], nullable: true, example: null, description: 'An open key change' })
  keyChange!: string | null;
}

class PaidDto {
  @ApiProperty({ example: 'provider:demo-bkash' }) source!: string;
  @ApiProperty({ example: 'CK12AB34CD' }) transactionId!: string;
  @ApiProperty({ example: 'mobile-money' }) channel!: string;
  @ApiProperty() amount!: TraceMoneyDto;
  @ApiProperty({ example: AT }) at!: string;
  @ApiProperty({ enum: ['received', 'applied', 'refund-due', 'refunded'], example: 'applied' }) state!: string;
  @ApiProperty({ type: String, nullable: true, example: 'meter-not-found' }) refusalCode!: string | null;
  @ApiProperty({ example: 0, description: 'While `received`: how often the vend was tried' }) attempts!: number;
}

class TracedTokenDto {
  @ApiProperty({ example: 1 }) sequence!: number;
  @ApiProperty({ example: 1 }) of!: number;
  @ApiProperty({ example: 'credit' }) kind!: string;
  @ApiProperty({ example: '**** **** **** **** 7890', description: 'Masked, unless asked for whole' }) digits!: string;
}

class VendedDto {
  @ApiProperty({ example: 'NV-261121-7K3M9QXA2T' }) receiptNo!: string;
  @ApiProperty({ enum: ['issued', 'cancelled'], example: 'issued' }) state!: string;
  @ApiProperty({ example: AT }) at!: string;
  @ApiProperty({ type: String, nullable: true, example: null }) cancelledAt!: string | null;
  @ApiProperty() energy!: TraceMoneyDto;
  @ApiProperty({ type: String, nullable: true, example: '174.5' }) kwh!: string | null;
  @ApiProperty({ type: [TracedTokenDto] }) tokens!: TracedTokenDto[];
}

class TracedSmsDto {
  @ApiProperty({ enum: ['queued', 'sent', 'delivered', 'failed'], example: 'sent' }) state!: string;
  @ApiProperty({ type: String, nullable: true, example: 'accepted', description: 'Why it is where it is' })
  outcome!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'ref-42', description: "The gateway's number for it" })
  reference!: string | null;
  @ApiProperty({ example: 1 }) attempts!: number;
  @ApiProperty({ type: String, nullable: true, example: AT }) at!: string | null;
}

class TracedLoadDto {
  @ApiProperty({ example: ID }) remoteLoadId!: string;
  @ApiProperty({ enum: ['UNSENT', 'SENT', 'LOADED', 'FAILED'], example: 'LOADED' }) state!: string;
  @ApiProperty({ example: 'demo-hes' }) headEnd!: string;
  @ApiProperty({ type: String, nullable: true, example: null }) reason!: string | null;
  @ApiProperty({ type: String, nullable: true, example: AT }) concludedAt!: string | null;
}

class TracedEventDto {
  @ApiProperty({ example: ID }) rechargeId!: string;
  @ApiProperty({ example: 'credit' }) kind!: string;
  @ApiProperty() paid!: PaidDto;
  @ApiProperty({ type: VendedDto, nullable: true }) vended!: VendedDto | null;
  @ApiProperty({ type: TracedSmsDto, nullable: true }) sms!: TracedSmsDto | null;
  @ApiProperty({ type: TracedLoadDto, nullable: true, description: 'null: the meter is behind no head-end' })
  load!: TracedLoadDto | null;
}

class TracedCaseDto {
  @ApiProperty({ example: ID }) caseId!: string;
  @ApiProperty({ example: 'C-26-1184-0' }) number!: string;
  @ApiProperty({ example: 'token-not-received' }) kind!: string;
  @ApiProperty({ example: 'open' }) state!: string;
  @ApiProperty({ type: String, nullable: true, example: null }) outcome!: string | null;
  @ApiProperty({ example: 'Rajshahi S&D 1' }) office!: string;
  @ApiProperty({ example: 'call-centre', description: 'Who took it, or the role in whose queue it waits' })
  owner!: string;
  @ApiProperty({ example: AT }) dueAt!: string;
}

/** Paid? vended? sent, delivered, loaded? What is pending and why, and what to do next. */
export class TraceDto {
  @ApiProperty({ example: AT }) asOf!: string;
  @ApiProperty({
    type: String,
    nullable: true,
    example: ID,
    description: 'The event that the findings are about first',
  })
  focus!: string | null;
  @ApiProperty({ type: [FindingDto], description: 'The most telling first' }) findings!: FindingDto[];
  @ApiProperty({ type: [TracedMeterDto] }) meters!: TracedMeterDto[];
  @ApiProperty({ type: [TracedCaseDto], description: 'Complaints about these, the newest first' })
  cases!: TracedCaseDto[];
  @ApiProperty({ type: [TracedEventDto], description: 'The newest first' }) events!: TracedEventDto[];
}
