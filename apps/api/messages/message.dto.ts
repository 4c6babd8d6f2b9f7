import { ApiProperty } from '@nestjs/swagger';
import { IsIn, ValidateIf } from 'class-validator';
import { formatInstant } from '@vend/kernel';
import {
  CLASSES,
  NOTICE_MOVES,
  type MessageCard,
  type NoticeState,
  type PartCard,
  type SmsMessageClass,
} from '@vend/sms';
import { maskedMobile } from '../customers/life.views';
import { PageQuery } from '../http/page';

const MESSAGE_STATES = Object.keys(NOTICE_MOVES).map((state) => state.toLowerCase());

export class MessagesQuery extends PageQuery {
  @ApiProperty({ enum: MESSAGE_STATES, required: false, description: 'Only those in this state', example: 'failed' })
  @ValidateIf((_query, value) => value !== undefined)
  @IsIn(MESSAGE_STATES)
  state?: string;

  @ApiProperty({ enum: CLASSES, required: false, description: 'Only those of this class', example: 'token' })
  @ValidateIf((_query, value) => value !== undefined)
  @IsIn(CLASSES)
  class?: SmsMessageClass;
}

/** A part as a message centre took it. */
export class MessagePartDto {
  @ApiProperty({ example: 'demo-smsc' }) centre!: string;
  @ApiProperty({ example: 1 }) part!: number;
  @ApiProperty({ example: 2 }) of!: number;
  @ApiProperty({ type: String, nullable: true, example: 'DELIVRD', description: "The centre's word; null: none yet" })
  receipt!: string | null;
}

/** One SMS to one person. No text and no whole number is here. */
export class MessageDto {
  @ApiProperty({ example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' }) messageId!: string;
  @ApiProperty({ example: 'receipt', description: 'What it says' }) template!: string;
  @ApiProperty({ enum: CLASSES, example: 'token' }) class!: SmsMessageClass;
  @ApiProperty({ enum: ['vend', 'case', 'payment', 'meter', 'inbound', 'code', 'broadcast'], example: 'vend' })
  about!: string;
  @ApiProperty({ example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42' }) aboutId!: string;
  @ApiProperty({ enum: ['customer', 'person', 'inbound'], example: 'customer' }) recipient!: string;
  @ApiProperty({ type: String, nullable: true, example: '40000001' }) customerNo!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '880170****001' }) mobile!: string | null;
  @ApiProperty({ enum: MESSAGE_STATES, example: 'failed' }) state!: string;
  @ApiProperty({ type: String, nullable: true, example: 'gateway-unreachable', description: 'Why it is where it is' })
  outcome!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'default' }) gateway!: string | null;
  @ApiProperty({ example: false, description: 'It went by another gateway than the first choice' }) escalated!: boolean;
  @ApiProperty({ example: 3 }) attempts!: number;
  @ApiProperty({ type: Number, nullable: true, example: 2, description: 'SMS it takes' }) parts!: number | null;
  @ApiProperty({ example: '2026-11-21T10:00:05.123+06:00' }) queuedAt!: string;
  @ApiProperty({ type: String, nullable: true, example: null }) sentAt!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '2026-11-22T10:00:06.001+06:00' }) concludedAt!: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    example: '2026-11-22T10:00:06.001+06:00',
    description: 'Its time was over',
  })
  givenUpAt!: string | null;
}

export class MessageDetailDto extends MessageDto {
  @ApiProperty({ type: [MessagePartDto], description: 'From message centres that tell' }) receipts!: MessagePartDto[];
}

export class MessagesDto {
  @ApiProperty({ type: [MessageDto], description: 'The newest first' }) items!: MessageDto[];
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'null: that was all',
    example: '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42',
  })
  nextCursor!: string | null;
}

export function stateOf(name: string | undefined): NoticeState | undefined {
  return name?.toUpperCase() as NoticeState | undefined;
}

export function messageView(card: MessageCard): MessageDto {
  const text = (at: number | null) => (at === null ? null : formatInstant(at));
  const { messageId, template, messageClass, subject, recipient, customerNo, mobile, state, outcome } = card;
  const { gateway, escalated, attempts, parts } = card;
  return {
    ...{ messageId, template, class: messageClass, about: subject.kind, aboutId: subject.id },
    ...{ recipient: recipient.kind, customerNo, mobile: maskedMobile(mobile), state: state.toLowerCase(), outcome },
    ...{ gateway, escalated, attempts, parts, queuedAt: formatInstant(card.queuedAt) },
    ...{ sentAt: text(card.sentAt), concludedAt: text(card.concludedAt), givenUpAt: text(card.givenUpAt) },
  };
}

export function messageDetail(card: MessageCard, parts: readonly PartCard[]): MessageDetailDto {
  const receipts = parts.map(({ smsc, part, parts: of, stat }) => ({ centre: smsc, part, of, receipt: stat }));
  return { ...messageView(card), receipts };
}
