import { ApiProperty } from '@nestjs/swagger';
import { IsObject } from 'class-validator';
import {
  BREAK_ACTION_NAMES,
  BREAK_BUCKETS,
  BREAK_STATES,
  BUCKETS,
  type BreakAction,
  type BreakBucket,
  type BreakState,
  type Bucket,
  type ImportRule,
} from '@vend/settlement';
import { CodeField, OneOfField, ReferenceField, WordsField } from '../http/fields';
import { PageQuery } from '../http/page';
import { MoneyDto } from '../http/priced.dto';
import { ImportRefusalDto } from '../imports/import.dto';

const EXAMPLE_ID = '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42';
const DAY = /^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const PROVIDER = /^[A-Za-z0-9._-]{1,32}$/;

export class StatementQuery {
  @CodeField(PROVIDER, 'Whose statement it is', 'demo-form') provider!: string;
  @CodeField(DAY, 'The Dhaka day of the statement', '2026-11-22') day!: string;
  @OneOfField(
    ['add', 'replace'],
    '`replace`: of this provider and day only this file counts from now on; else it adds',
    {
      optional: true,
    },
  )
  rule?: ImportRule;
}

export class StatementImportDto {
  @ApiProperty({ description: 'The Idempotency-Key of whoever sent this file first', example: EXAMPLE_ID }) id!: string;
  @ApiProperty({ enum: ['statement', 'bank'] }) kind!: 'statement' | 'bank';
  @ApiProperty({ description: "Empty for a bank's list", example: 'demo-form' }) provider!: string;
  @ApiProperty({ example: '2026-11-22' }) day!: string;
  @ApiProperty({ enum: ['add', 'replace'] }) rule!: ImportRule;
  @ApiProperty({ enum: ['QUEUED', 'RUNNING', 'DONE', 'FAILED'] }) state!: string;
  @ApiProperty({ description: 'False until it is done, and after a later file has replaced it' }) countsNow!: boolean;
  @ApiProperty({ example: 'demo-form-2026-11-22.csv' }) fileName!: string;
  @ApiProperty({ example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' }) sha256!: string;
  @ApiProperty({ type: Number, nullable: true, description: 'null: the neutral format', example: 2 })
  formatVersion!: number | null;
  @ApiProperty({ example: '2026-11-23T09:00:00+06:00' }) madeAt!: string;
  @ApiProperty({ type: String, nullable: true, example: null }) endedAt!: string | null;
  @ApiProperty({ description: 'Lines whose outcome is stored', example: 12_000 }) rows!: number;
  @ApiProperty({ example: 11_998 }) stored!: number;
  @ApiProperty({ description: 'Credits that an earlier list had', example: 0 }) known!: number;
  @ApiProperty({ description: 'Lines of which nothing is stored; the report says why', example: 2 }) rejected!: number;
  @ApiProperty({ minimum: 0, maximum: 100, example: 100 }) percent!: number;
  @ApiProperty({ type: ImportRefusalDto, nullable: true, description: 'With FAILED' })
  refusal!: ImportRefusalDto | null;
}

export class StatementImportsDto {
  @ApiProperty({ type: [StatementImportDto] }) items!: StatementImportDto[];
}

export class StatementFormatRequest {
  @ApiProperty({
    type: Object,
    description:
      '`columns`: the heading of each neutral field; `timeForm`: rfc3339, or letters such as dd/MM/yyyy HH:mm:ss (Dhaka ' +
      'time); `decimalMark`, `groupMark`; `statuses`: each word of theirs as PAID, REVERSED or SKIP',
    example: {
      columns: { provider_trx_id: 'TrxID', amount: 'Amount', status: 'Status', trx_time: 'Date' },
      timeForm: 'dd/MM/yyyy HH:mm:ss',
      statuses: { Completed: 'PAID', Reversed: 'REVERSED', Failed: 'SKIP' },
    },
  })
  @IsObject()
  format!: object;
}

export class StatementFormatDto {
  @ApiProperty({ example: 'demo-form' }) provider!: string;
  @ApiProperty({ type: Number, nullable: true, description: 'null: it has none of its own', example: 2 })
  version!: number | null;
  @ApiProperty({ type: Object, example: { columns: { provider_trx_id: 'TrxID', amount: 'Amount' } } }) format!: object;
}

export class SettlementTotalDto {
  @ApiProperty({ enum: ['ours', 'theirs'] }) side!: 'ours' | 'theirs';
  @ApiProperty({ enum: BUCKETS }) bucket!: Bucket;
  @ApiProperty({ example: 11_997 }) count!: number;
  @ApiProperty({ description: 'Reversals below zero' }) amount!: MoneyDto;
  @ApiProperty({ description: 'What the provider keeps of it' }) fee!: MoneyDto;
  @ApiProperty({ description: 'VAT of the vends behind it' }) vat!: MoneyDto;
}

class SideSumDto {
  @ApiProperty({ example: 11_998 }) count!: number;
  @ApiProperty() amount!: MoneyDto;
}

class CreditedDto {
  @ApiProperty({ example: 'bank:NESCO-MAIN' }) account!: string;
  @ApiProperty() amount!: MoneyDto;
}

class SettlementBatchDto {
  @ApiProperty({ example: 'demo-form-20261122' }) batch!: string;
  @ApiProperty({ description: 'Over all days of the batch' }) gross!: MoneyDto;
  @ApiProperty() fee!: MoneyDto;
  @ApiProperty({ description: 'What should reach the bank' }) net!: MoneyDto;
  @ApiProperty({ description: 'The VAT in it' }) vat!: MoneyDto;
  @ApiProperty({ type: [CreditedDto] }) credited!: CreditedDto[];
}

export class SettlementDayDto {
  @ApiProperty({ example: 'demo-form' }) provider!: string;
  @ApiProperty({ example: '2026-11-22' }) day!: string;
  @ApiProperty({ example: '2026-11-23T09:00:10+06:00' }) matchedAt!: string;
  @ApiProperty({ description: 'The sum of its buckets, to the paisa' }) ours!: SideSumDto;
  @ApiProperty({ description: 'The sum of its buckets, to the paisa' }) theirs!: SideSumDto;
  @ApiProperty({ type: [SettlementTotalDto] }) totals!: SettlementTotalDto[];
  @ApiProperty({ type: [SettlementBatchDto] }) batches!: SettlementBatchDto[];
}

export class UnsettledDayDto {
  @ApiProperty({ example: 'demo-form' }) provider!: string;
  @ApiProperty({ example: '2026-11-20' }) day!: string;
}

export class UnsettledDaysDto {
  @ApiProperty({ type: [UnsettledDayDto] }) items!: UnsettledDayDto[];
}

export class BreaksQuery extends PageQuery {
  @CodeField(PROVIDER, 'Of one provider', 'demo-form', { optional: true }) provider?: string;
  @CodeField(DAY, 'Of one day', '2026-11-22', { optional: true }) day?: string;
  @OneOfField(BREAK_BUCKETS, 'Of one kind', { optional: true }) bucket?: BreakBucket;
  @OneOfField(BREAK_STATES, 'In one state; those that are not healed when left out', { optional: true })
  state?: BreakState;
}

export class BreakDto {
  @ApiProperty({ example: EXAMPLE_ID }) id!: string;
  @ApiProperty({ example: 'demo-form' }) provider!: string;
  @ApiProperty({ description: 'The provider’s transaction id, or `batch:<batch>`', example: 'CK12AB34CD' })
  transaction!: string;
  @ApiProperty({ enum: BREAK_BUCKETS }) bucket!: BreakBucket;
  @ApiProperty({ example: '2026-11-22' }) day!: string;
  @ApiProperty({ enum: BREAK_STATES }) state!: BreakState;
  @ApiProperty({ description: 'What our books have; of a batch, what it should have brought' }) ours!: MoneyDto;
  @ApiProperty({ description: 'What the statement has; of a batch, what the bank has' }) theirs!: MoneyDto;
  @ApiProperty({ type: String, nullable: true, example: EXAMPLE_ID }) rechargeId!: string | null;
  @ApiProperty({ description: 'What the payer typed, as the statement has it', example: '40000001' })
  reference!: string;
  @ApiProperty({ example: 'demo-form-20261122' }) batch!: string;
  @ApiProperty({ type: String, nullable: true, example: 'C-26-1184-0' }) caseNo!: string | null;
  @ApiProperty({ example: '2026-11-24T09:00:00+06:00' }) raisedAt!: string;
  @ApiProperty({
    enum: BREAK_ACTION_NAMES,
    isArray: true,
    description: 'What may be done about it now',
    example: ['vend'],
  })
  actions!: BreakAction[];
}

export class BreaksDto {
  @ApiProperty({ type: [BreakDto] }) items!: BreakDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) nextCursor!: string | null;
}

class DoneActionDto {
  @ApiProperty({ enum: BREAK_ACTION_NAMES }) action!: BreakAction;
  @ApiProperty() amount!: MoneyDto;
  @ApiProperty({ type: String, nullable: true, example: EXAMPLE_ID }) rechargeId!: string | null;
  @ApiProperty({ type: String, nullable: true, example: EXAMPLE_ID }) approvalId!: string | null;
  @ApiProperty({ example: 'paid at 23:59, our line was down' }) reason!: string;
  @ApiProperty({ example: 'user:accounts' }) by!: string;
  @ApiProperty({ example: '2026-11-24T10:00:00+06:00' }) at!: string;
}

export class BreakDetailDto extends BreakDto {
  @ApiProperty({ type: [DoneActionDto] }) done!: DoneActionDto[];
}

export class BreakActionRequest {
  @OneOfField(BREAK_ACTION_NAMES, 'One of the `actions` of the break') action!: BreakAction;
  @ReferenceField({ optional: true }) reference?: string;
  @WordsField('Why', 'Paid at 23:59, our line was down') reason!: string;
}
