import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsString, Length, Max, Min, ValidateIf } from 'class-validator';
import { type DocumentStanding, type DocumentState, type ShownDocument } from '@vend/pricebook';
import { COMPARED_ITEMS, type ComparedItem, type LintFinding, type PriceDocument } from '@vend/tariff';
import { KwhField, OneOfField, TakaField, textField, WordsField } from '../http/fields';
import { CreditDto, EnergyDto, LineDto, MoneyDto } from '../http/priced.dto';

const STATES = [
  'draft',
  'published',
  'superseded',
  'revocation-proposed',
  'revoked',
] as const satisfies readonly DocumentState[];
const KINDS = [
  'tariff-version',
  'rebate-profile',
  'recharge-limits',
  'service-fees',
] as const satisfies readonly PriceDocument['kind'][];
const CODE = /^[a-z0-9][a-z0-9.-]{0,39}$/;
/** A request's body has 64 KiB; what stands around the document needs little. */
const DOCUMENT_CHARS_MAX = 48_000;

const BookField = () =>
  textField(CODE, 'Price book; the one that is sold by, when left out', 'first-light', { optional: true });
const CodeOfDocument = (description: string) => textField(CODE, description, 'bd-retail-2020-03', {});

export class BookQuery {
  @BookField() book?: string;
}

export class TariffCode {
  @CodeOfDocument('Id of a document') code!: string;
}

export class TariffPair extends TariffCode {
  @CodeOfDocument('Id of another version') other!: string;
}

export class DocumentRequest extends BookQuery {
  @ApiProperty({
    description: 'A price document as JSON text: it is stored, and hashed, exactly as sent (docs/TARIFFS.md)',
    example:
      '{"kind":"rebate-profile","id":"nesco-2027","effectiveFrom":"2027-01-01","percent":"0.5","divisor":"1.005"}',
    maxLength: DOCUMENT_CHARS_MAX,
  })
  @IsString()
  @Length(2, DOCUMENT_CHARS_MAX)
  document!: string;
}

export class DecisionRequest extends BookQuery {
  @WordsField('Why', 'BERC order 2027/01', 200) reason!: string;
}

export class FindingDto {
  @ApiProperty({ enum: ['error', 'warning'] }) severity!: LintFinding['severity'];
  @ApiProperty({ example: 'bd-retail-2027-01/LT-A' }) where!: string;
  @ApiProperty({ example: 'a slab cheaper than the one before it' }) problem!: string;
  @ApiProperty({ example: 'একটি ধাপ আগেরটির চেয়ে সস্তা' }) problemBn!: string;
}

export class LintDto {
  @ApiProperty({ example: 'bd-retail-2027-01' }) code!: string;
  @ApiProperty({ description: 'False: it would be refused' }) good!: boolean;
  @ApiProperty({ type: [FindingDto] }) findings!: FindingDto[];
}

export class TariffDto {
  @ApiProperty({ example: 'first-light' }) book!: string;
  @ApiProperty({ example: 'bd-retail-2020-03' }) code!: string;
  @ApiProperty({ enum: KINDS }) kind!: PriceDocument['kind'];
  @ApiProperty({ enum: STATES, description: '`superseded`: a later one of its kind is in effect' })
  state!: DocumentState;
  @ApiProperty({ example: '2020-03-01' }) effectiveFrom!: string;
  @ApiProperty({ type: String, nullable: true, description: 'First day without it', example: null })
  endsOn!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'null: came with a release', example: 'jahangir' })
  madeBy!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'amina' }) publishedBy!: string | null;
  @ApiProperty({ type: Number, nullable: true, description: 'Revision of the book; null: a draft', example: 3 })
  revision!: number | null;
  @ApiProperty({ type: String, nullable: true, example: null }) revokedBy!: string | null;
  @ApiProperty({ type: String, nullable: true, example: null }) revocationReason!: string | null;
  @ApiProperty({ description: 'SHA-256 of the text', example: 'ab'.repeat(32) }) sha256!: string;
}

export class TariffListDto {
  @ApiProperty({ type: [String], example: ['first-light', 'nesco-history'] }) books!: string[];
  @ApiProperty({ description: 'The book that is sold by', example: 'first-light' }) soldBy!: string;
  @ApiProperty({ type: [TariffDto] }) items!: TariffDto[];
}

export class TariffWholeDto extends TariffDto {
  @ApiProperty({ description: 'The JSON text as it was entered', example: '{"kind":"tariff-version",…}' })
  document!: string;
  @ApiProperty({ type: [FindingDto] }) findings!: FindingDto[];
}

export class DraftedDto extends TariffWholeDto {
  @ApiProperty({ description: 'True when exactly this was entered before' }) existed!: boolean;
}

class NameDto {
  @ApiProperty({ example: 'Residential' }) en!: string;
  @ApiProperty({ example: 'আবাসিক' }) bn!: string;
}

export class ComparedRowDto {
  @ApiProperty({ type: String, nullable: true, description: 'null: of the version as a whole', example: 'LT-A' })
  tariffClass!: string | null;
  @ApiProperty({ type: NameDto, nullable: true }) className!: NameDto | null;
  @ApiProperty({ enum: COMPARED_ITEMS, example: 'slab' }) item!: ComparedItem;
  @ApiProperty({ type: String, nullable: true, description: 'First and last unit of a slab', example: '76-200' })
  kwh!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Money is Taka; null: it has none', example: '5.63' })
  left!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '7.20' }) right!: string | null;
  @ApiProperty({ example: true }) differs!: boolean;
}

export class ComparisonDto {
  @ApiProperty({ type: TariffDto }) left!: TariffDto;
  @ApiProperty({ type: TariffDto }) right!: TariffDto;
  @ApiProperty({ type: [ComparedRowDto] }) rows!: ComparedRowDto[];
}

/** What a calculation is for. With a meter number the fields of an invented meter are not looked at. */
export class CalculationRequest extends BookQuery {
  @textField(
    CODE,
    'A version, whatever its dates, drafts too; the one in force at the instant, when left out',
    'bd-retail-2027-01',
    {
      optional: true,
    },
  )
  version?: string;
  @textField(
    /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))?$/,
    'Day in Dhaka, or instant with offset; now, when left out',
    '2027-01-15',
    {
      optional: true,
    },
  )
  at?: string;
  @TakaField({ optional: true }) amount?: string;
  @KwhField({ optional: true }) kwh?: string;
  @textField(/^\d{11,18}$/, 'A meter as it stands now', '600727000000000009', { optional: true }) meterNo?: string;
  @textField(/^[A-Z0-9-]{1,8}$/, 'Class of an invented meter; LT-A, when left out', 'LT-A', { optional: true })
  tariffClass?: string;
  @OneOfField(['1', '3'], 'Phases of an invented meter', { optional: true }) phase?: '1' | '3';
  @textField(/^\d{1,6}(?:\.\d{1,3})?$/, 'Its sanctioned load in kW; 2, when left out', '2', { optional: true })
  sanctionedKw?: string;
  @OneOfField(['currency', 'energy'], 'What its tokens carry', { optional: true }) crediting?: 'currency' | 'energy';
  @OneOfField(['utility', 'customer'], 'Whose it is: a utility’s pays rent', { optional: true })
  owner?: 'utility' | 'customer';
  @ApiProperty({ required: false, minimum: 0, maximum: 120, example: 1, description: 'Months of fixed charges due' })
  @ValidateIf((_body, value) => value !== undefined)
  @IsInt()
  @Min(0)
  @Max(120)
  monthsDue?: number;
  @textField(/^\d{1,7}(?:\.\d)?$/, 'kWh sold to it this month already', '0', { optional: true }) soldKwh?: string;
}

export class CalculationDto {
  @ApiProperty({ example: '2027-01-15T00:00:00.000+06:00' }) at!: string;
  @ApiProperty({ example: 'bd-retail-2027-01' }) tariffVersion!: string;
  @ApiProperty({ example: 'nesco-2021' }) rebateProfile!: string;
  @ApiProperty() amount!: MoneyDto;
  @ApiProperty({ type: EnergyDto, nullable: true }) energy!: EnergyDto | null;
  @ApiProperty({ type: CreditDto, nullable: true }) credit!: CreditDto | null;
  @ApiProperty() minimumRecharge!: MoneyDto;
  @ApiProperty({ example: ['2027-01'] }) months!: string[];
  @ApiProperty({ type: [LineDto] }) lines!: LineDto[];
}

export function tariffView(standing: DocumentStanding): TariffDto {
  const { book, code, kind, state, effectiveFrom, endsOn, madeBy, publishedBy, revision } = standing;
  const { revokedBy, revocationReason, sha256 } = standing;
  return {
    ...{ book, code, kind, state, effectiveFrom, endsOn, madeBy, publishedBy, revision },
    ...{ revokedBy, revocationReason, sha256 },
  };
}

export function tariffWholeView(shown: ShownDocument): TariffWholeDto {
  return { ...tariffView(shown), document: shown.content, findings: [...shown.findings] };
}
