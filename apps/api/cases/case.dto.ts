import { ApiProperty } from '@nestjs/swagger';
import { Matches, ValidateIf } from 'class-validator';
import { CASE_KIND_NAMES, CASE_MOVES, CASE_OUTCOME_NAMES, type CaseKind, type CaseOutcome } from '@vend/cases';
import { ROLES, type Role } from '@vend/identity';

/** Customers have cases and work none. */
const QUEUES = ROLES.filter((role) => role !== 'customer');
import { CodeField, CountField, MeterNoField, OneOfField, ReferenceField, WordsField } from '../http/fields';
import { MoneyDto } from '../http/priced.dto';

const EXAMPLE_ID = '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42';
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export class OpenCaseRequest {
  @OneOfField(CASE_KIND_NAMES, 'What it is about; says the deadline: 24 hours where supply hangs on it, else 7 days')
  kind!: CaseKind;
  @CodeField(UUID, 'A payment, by the id of its recharge', EXAMPLE_ID, { optional: true }) rechargeId?: string;
  @CodeField(/^[0-9A-Z-]{6,20}$/, 'A vend, by its receipt number', '26112200000000000001', { optional: true })
  receiptNo?: string;
  @CodeField(/^\d{11,18}$/, 'A meter', '600727000000000009', { optional: true }) meterNo?: string;
  @ReferenceField({ optional: true }) customerNo?: string;
  @WordsField('What the customer says; never a token or a phone number', 'No token since yesterday', 1000)
  words!: string;
}

export class NoteRequest {
  @WordsField('What was seen or done', 'Called the office: the line crew is on its way', 1000) words!: string;
}

class VersionedRequest {
  @CountField('The version that was read: an older one is refused', 3, [1, 1_000_000])
  version!: number;
}

export class AssignRequest extends VersionedRequest {
  @CodeField(/^[a-z0-9._-]{1,40}$/, 'A person, by username', 'selim', { optional: true }) owner?: string;
  @OneOfField(QUEUES, 'Or the queue of a role', { optional: true }) queue?: Role;
}

export class WaitRequest extends VersionedRequest {
  @WordsField('For whom or what', "The bank's answer on the reversal", 200) waitingFor!: string;
}

export class CloseRequest extends VersionedRequest {
  @OneOfField(CASE_OUTCOME_NAMES, 'What came of it; it must be true of the payment') outcome!: CaseOutcome;
  @WordsField('What was done, for colleagues', 'Vended to the right meter', 1000) words!: string;
}

export class ReopenRequest extends VersionedRequest {
  @WordsField('Why it is not settled', 'The meter still refuses the token', 1000) words!: string;
}

export class ApplyRequest {
  @MeterNoField() meterNo!: string;
  @WordsField('Why this meter', 'The payer mistyped one digit', 200) reason!: string;
}

const REFUND_WAYS = ['cash', 'provider'] as const;

export class RefundRequest {
  @OneOfField(REFUND_WAYS, '`cash`: out of your station. `provider`: the provider of the payment gives it back')
  from!: (typeof REFUND_WAYS)[number];
  @CodeField(/^[\x21-\x7e]{1,64}$/, "Number of the signed voucher, or of the provider's reversal", 'CV-2026-0117')
  reference!: string;
  @WordsField('Why', 'The payer has no meter with us', 200) reason!: string;
}

export const CASE_VIEWS = ['queue', 'mine', 'office', 'overdue'] as const;

export class CaseQuery {
  @ApiProperty({
    enum: CASE_VIEWS,
    required: false,
    default: 'queue',
    description:
      '`queue`: waiting for my role. `mine`: I own them. `office`: all I may see. `overdue`: the late of these',
  })
  @ValidateIf((_query, value) => value !== undefined)
  @Matches(/^(?:queue|mine|office|overdue)$/)
  view?: (typeof CASE_VIEWS)[number];

  @ApiProperty({ required: false, description: 'nextCursor of the page before' })
  @ValidateIf((_query, value) => value !== undefined)
  @Matches(/^\d{1,14}\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  cursor?: string;

  @ApiProperty({ required: false, type: Number, minimum: 1, maximum: 100, default: 50 })
  @ValidateIf((_query, value) => value !== undefined)
  @Matches(/^(?:[1-9]\d?|100)$/)
  limit?: string;
}

class CasePaymentDto {
  @ApiProperty({ example: EXAMPLE_ID }) rechargeId!: string;
  @ApiProperty({ enum: ['pending', 'vended', 'refund-due', 'refunded'], example: 'refund-due' }) status!: string;
  @ApiProperty() amount!: MoneyDto;
  @ApiProperty({ description: '`till:<station>` or `provider:<code>`', example: 'provider:demo-bkash' })
  source!: string;
  @ApiProperty({ description: 'Its number for the payment', example: 'CK12AB34CD' }) sourceRef!: string;
  @ApiProperty({ example: '2026-11-22T10:00:05.123+06:00' }) receivedAt!: string;
  @ApiProperty({ type: String, nullable: true, description: 'Why it was not vended', example: 'meter-not-found' })
  refusalCode!: string | null;
  @ApiProperty({ type: String, nullable: true, example: null, description: 'null: nobody knows the meter' })
  meterNo!: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What the payer typed as meter or customer number',
    example: '40012345',
  })
  typedReference!: string | null;
  @ApiProperty({
    enum: ['apply', 'refund'],
    isArray: true,
    example: ['apply', 'refund'],
    description: 'Ways out that are open now: vend it to the right meter, or pay it back',
  })
  waysOut!: ('apply' | 'refund')[];
}

class CaseWordsDto {
  @ApiProperty({ example: 'token not received' }) en!: string;
  @ApiProperty({ example: 'টোকেন আসেনি' }) bn!: string;
}

/** A row of the queue. */
export class CaseRowDto {
  @ApiProperty({ description: 'Told to the customer', example: 'C-26-1184-0' }) caseNo!: string;
  @ApiProperty({ enum: CASE_KIND_NAMES, example: 'token-not-received' }) kind!: CaseKind;
  @ApiProperty() kindWords!: CaseWordsDto;
  @ApiProperty({ enum: Object.keys(CASE_MOVES).map((state) => state.toLowerCase()), example: 'open' }) state!: string;
  @ApiProperty({ description: 'Send it with every change', example: 3 }) version!: number;
  @ApiProperty({ example: true }) overdue!: boolean;
  @ApiProperty({ example: '2026-11-23T10:00:00.000+06:00' }) dueAt!: string;
  @ApiProperty({ example: '2026-11-22T10:00:00.000+06:00' }) openedAt!: string;
  @ApiProperty({ example: 'call-centre' }) openedBy!: string;
  @ApiProperty({ description: 'Opened by the machine', example: false }) automatic!: boolean;
  @ApiProperty({ example: 'Rajshahi S&D 1' }) office!: string;
  @ApiProperty({ enum: QUEUES, example: 'call-centre' }) queue!: Role;
  @ApiProperty({ type: String, nullable: true, example: 'selim' }) owner!: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) waitingFor!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '600727000000000009' }) meterNo!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '40000001' }) customerNo!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'রহিমা খাতুন' }) customerName!: string | null;
  @ApiProperty({ example: 'No token since yesterday' }) words!: string;
}

class CaseEventDto {
  @ApiProperty({ example: '2026-11-22T10:00:00.000+06:00' }) at!: string;
  @ApiProperty({ example: 'rahima' }) by!: string;
  @ApiProperty({ example: 'opened' }) what!: string;
  @ApiProperty({ type: String, nullable: true, example: 'Called the office' }) words!: string | null;
}

/** A case with everything that is known of it. */
export class CaseDto extends CaseRowDto {
  @ApiProperty({ type: CasePaymentDto, nullable: true }) payment!: CasePaymentDto | null;
  @ApiProperty({ type: String, nullable: true, example: '26112200000000000001' }) receiptNo!: string | null;
  @ApiProperty({ enum: CASE_OUTCOME_NAMES, nullable: true, example: null }) outcome!: CaseOutcome | null;
  @ApiProperty({ type: String, nullable: true, example: null }) outcomeWords!: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) closedAt!: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) closedBy!: string | null;
  @ApiProperty({ type: [CaseEventDto], description: 'What happened, oldest first' }) events!: CaseEventDto[];
}

export class CasePageDto {
  @ApiProperty({ type: [CaseRowDto] }) items!: CaseRowDto[];
  @ApiProperty({ type: String, nullable: true, description: 'Give it back as cursor for the next page', example: null })
  nextCursor!: string | null;
}
