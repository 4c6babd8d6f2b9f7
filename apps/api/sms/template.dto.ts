import { ApiProperty } from '@nestjs/swagger';
import { formatInstant, formatTaka } from '@vend/kernel';
import {
  TEMPLATE_CODES,
  TEMPLATES,
  type TemplateCode,
  type TemplateFinding,
  type TemplatePreview,
  type TemplateVersion,
} from '@vend/messages';
import { FlagField, OneOfField, textField, WordsField } from '../http/fields';

const LANGUAGES = ['bn', 'en'] as const;
const EN = 'Meter {meter}: Tk {amount} received. Your token follows by SMS; do not pay again.';
const BN = 'মিটার {meter}: {amount} টাকা পাওয়া গেছে। টোকেন SMS-এ আসছে; আবার টাকা দেবেন না।';

/** Any text of one message; what is wrong with it the preview says. */
function BodyField(language: string, example: string, optional = false) {
  const description = `The text in ${language}: words, {placeholders}, and [pieces] left out when a value in them is missing`;
  return textField(/^[^\u0000]{0,1000}$/, description, example, { optional });
}

export class TemplatePreviewRequest {
  @OneOfField(TEMPLATE_CODES, 'Which message') code!: TemplateCode;
  @BodyField('Bangla', BN) bn!: string;
  @BodyField('English', EN) en!: string;
}

export class TemplateDraftRequest extends TemplatePreviewRequest {
  @WordsField('Why', 'shorter: one part instead of two', 200) reason!: string;
  @FlagField('The warnings of the preview were read, and the text is meant so') acceptWarnings?: true;
}

export class TemplatePublishRequest {
  @WordsField('Why', 'order 12/2026', 200) reason!: string;
}

export class TemplateQuery {
  @OneOfField(TEMPLATE_CODES, 'Only this message', { optional: true }) code?: TemplateCode;
}

export class TemplateDto {
  @ApiProperty({ example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' }) templateId!: string;
  @ApiProperty({ enum: TEMPLATE_CODES, example: 'pending' }) code!: TemplateCode;
  @ApiProperty({ example: 'Money is here, the token follows' }) title!: string;
  @ApiProperty({ example: 'টাকা পাওয়া গেছে, টোকেন আসছে' }) titleBn!: string;
  @ApiProperty({ example: 'pending', description: 'Queue, rate and share: the most urgent is `token`' })
  messageClass!: string;
  @ApiProperty({ example: 2 }) version!: number;
  @ApiProperty({ example: BN }) bn!: string;
  @ApiProperty({ example: EN }) en!: string;
  @ApiProperty({ example: true, description: 'True for the version that is sent' }) current!: boolean;
  @ApiProperty({ type: [String], example: ['amount', 'meter'], description: 'Placeholders that every text of it has' })
  required!: string[];
  @ApiProperty({ type: [String], example: ['reference'], description: 'Placeholders that a text may have' })
  optional!: string[];
  @ApiProperty({ example: 'rahima', description: '`release`: it came with the software' }) madeBy!: string;
  @ApiProperty({ example: '2026-11-22T10:00:00.000+06:00' }) madeAt!: string;
  @ApiProperty({ type: String, nullable: true, example: 'shorter: one part instead of two' }) reason!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'selim' }) approvedBy!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '2026-11-22T11:00:00.000+06:00' }) publishedAt!: string | null;
}

export class TemplateListDto {
  @ApiProperty({ type: [TemplateDto], description: 'By code, the newest version first' }) items!: TemplateDto[];
}

class FindingDto {
  @ApiProperty({
    enum: [
      'empty',
      'brackets',
      'placeholder-unknown',
      'placeholder-missing',
      'tokens-not-first',
      'too-long',
      'stray-character',
    ],
    example: 'stray-character',
  })
  rule!: string;
  @ApiProperty({
    enum: ['error', 'warning'],
    example: 'warning',
    description: 'An error keeps the text from being saved',
  })
  severity!: string;
  @ApiProperty({ type: Number, nullable: true, example: 17, description: 'Where in the text, in UTF-16 units from 0' })
  at!: number | null;
  @ApiProperty({ type: String, nullable: true, example: '–' }) character!: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    example: 'EN DASH',
    description: "The character's name, or the placeholder's",
  })
  name!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '-', description: 'What to write instead' })
  instead!: string | null;
  @ApiProperty({ type: Number, nullable: true, example: 2 }) parts!: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 1, description: 'Parts when all such characters are replaced' })
  partsWithout!: number | null;
}

export class LanguagePreviewDto {
  @ApiProperty({ enum: LANGUAGES, example: 'en' }) language!: string;
  @ApiProperty({ type: String, nullable: true, example: 'Meter 600727000000000009: Tk 1000.00 received. …' })
  text!: string | null;
  @ApiProperty({ type: String, nullable: true, enum: ['gsm-7', 'ucs-2'], example: 'gsm-7' }) alphabet!: string | null;
  @ApiProperty({ type: Number, nullable: true, example: 92, description: 'Septets or UTF-16 units' })
  units!: number | null;
  @ApiProperty({ type: Number, nullable: true, example: 1 }) parts!: number | null;
  @ApiProperty({
    type: String,
    nullable: true,
    example: '0.45',
    description: 'Taka, for one message at the dearest gateway',
  })
  costTaka!: string | null;
  @ApiProperty({ type: [FindingDto] }) findings!: FindingDto[];
}

export class TemplatePreviewDto {
  @ApiProperty({ type: [LanguagePreviewDto] }) languages!: LanguagePreviewDto[];
}

export function templateView(version: TemplateVersion): TemplateDto {
  const { templateId, code, bn, en, current, reason, madeAt, publishedAt } = version;
  const rule = TEMPLATES[code];
  const nameOf = (actor: string | null) => actor?.replace(/^user:/, '') ?? null;
  return {
    ...{ templateId, code, version: version.version, bn, en, current, reason },
    title: rule.title.en,
    titleBn: rule.title.bn,
    messageClass: rule.class,
    required: [...rule.required],
    optional: [...rule.optional],
    madeBy: nameOf(version.madeBy)!,
    madeAt: formatInstant(madeAt),
    approvedBy: nameOf(version.publishedBy),
    publishedAt: publishedAt === null ? null : formatInstant(publishedAt),
  };
}

export function previewView({ language, rendered, findings }: TemplatePreview): LanguagePreviewDto {
  const cost = rendered?.costPaisa;
  return {
    language,
    text: rendered?.text ?? null,
    alphabet: rendered?.alphabet ?? null,
    units: rendered?.units ?? null,
    parts: rendered?.parts ?? null,
    costTaka: cost === undefined ? null : formatTaka(cost),
    findings: findings.map(findingView),
  };
}

function findingView(finding: TemplateFinding): FindingDto {
  const stray = finding.rule === 'stray-character' ? finding : undefined;
  return {
    rule: finding.rule,
    severity: finding.severity,
    at: 'at' in finding ? finding.at : null,
    character: stray?.character ?? null,
    name: 'name' in finding ? finding.name : null,
    instead: stray?.instead ?? null,
    parts: stray?.parts ?? null,
    partsWithout: stray?.partsWithout ?? null,
  };
}
