import { ApiProperty } from '@nestjs/swagger';
import { ArrayMinSize, ArrayUnique, IsArray, IsIn, Matches, ValidateIf } from 'class-validator';
import { formatInstant } from '@vend/kernel';
import {
  WEBHOOK_EVENT_TYPES,
  WEBHOOK_MESSAGE_STATES,
  type WebhookAttempt,
  type WebhookEndpoint,
  type WebhookEventType,
  type WebhookMessage,
  type WebhookMessageState,
} from '@vend/webhooks';
import { CountField, InstantField, SomeOfField, textField as TextField } from '../http/fields';
import { PageQuery } from '../http/page';

const ID_EXAMPLE = '019358c1-6b2e-7c31-9f0e-3d5c1c0b7a42';
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const URL_TEXT = /^https?:\/\/[\x21-\x7e]{3,290}$/;
const MOST_VERSIONS = 2_000_000_000;

function UrlField(optional: boolean) {
  return TextField(URL_TEXT, 'Where events are posted: https', 'https://partner.example/hooks/prepaid', { optional });
}

export class EndpointRequest {
  @TextField(/^[0-9A-Za-z._-]{1,32}$/, 'Code of a partner or payment provider', 'demo-bkash', {}) owner!: string;
  @UrlField(false) url!: string;

  @ApiProperty({ enum: WEBHOOK_EVENT_TYPES, isArray: true, example: ['payment.vended', 'payment.refund-due'] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(WEBHOOK_EVENT_TYPES, { each: true })
  types!: WebhookEventType[];
}

export class EndpointChangeRequest {
  @UrlField(true) url?: string;
  @SomeOfField(WEBHOOK_EVENT_TYPES, 'Of what it hears; left out: as it is') types?: WebhookEventType[];

  @ApiProperty({ type: Boolean, required: false, example: true, description: 'False: nothing is sent to it' })
  @ValidateIf((_body, value) => value !== undefined)
  @IsIn([true, false])
  active?: boolean;

  @CountField('The version it is based on', 1, [1, MOST_VERSIONS]) version!: number;
}

export class SecretRequest {
  @CountField('For so long messages are signed with the former secret too', 24, [0, 720]) overlapHours!: number;
  @CountField('The version it is based on', 1, [1, MOST_VERSIONS]) version!: number;
}

export class ReplayRequest {
  @InstantField('From when on', '2026-11-21T00:00:00+06:00') since!: string;
}

export class EndpointDto {
  @ApiProperty({ example: ID_EXAMPLE }) endpointId!: string;
  @ApiProperty({ example: 'demo-bkash' }) owner!: string;
  @ApiProperty({ example: 'https://partner.example/hooks/prepaid' }) url!: string;
  @ApiProperty({ enum: WEBHOOK_EVENT_TYPES, isArray: true, example: ['payment.vended'] })
  types!: readonly WebhookEventType[];
  @ApiProperty({ example: true }) active!: boolean;
  @ApiProperty({
    enum: ['person', 'gone', 'failing'],
    nullable: true,
    example: null,
    description: 'Why it is not active: a person, its own 410, or five days of failure',
  })
  disabledReason!: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'Since when every attempt has failed; null: the last one has not',
  })
  failingSince!: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    example: null,
    description: 'Until when messages are signed with the former secret too',
  })
  formerSecretUntil!: string | null;
  @ApiProperty({ example: 1 }) version!: number;
  @ApiProperty({ example: 'user:administrator' }) changedBy!: string;
  @ApiProperty({ example: '2026-11-21T10:00:05.123+06:00' }) changedAt!: string;
}

export class EndpointsDto {
  @ApiProperty({ type: [EndpointDto] }) items!: EndpointDto[];
}

export class EndpointSecretDto {
  @ApiProperty() endpoint!: EndpointDto;
  @ApiProperty({ example: 'whsec_aW52ZW50ZWQ…', description: 'Shown this once; hand it over by a safe way' })
  secret!: string;
}

export class ReplayedDto {
  @ApiProperty({ example: 117 }) messages!: number;
}

export class EndpointsQuery {
  @ApiProperty({ required: false, example: 'demo-bkash', description: 'Only of this partner or provider' })
  @ValidateIf((_query, value) => value !== undefined)
  @Matches(/^[0-9A-Za-z._-]{1,32}$/)
  owner?: string;
}

export class MessagesQuery extends PageQuery {
  @ApiProperty({ required: false, example: ID_EXAMPLE, description: 'Only to this endpoint' })
  @ValidateIf((_query, value) => value !== undefined)
  @Matches(ID)
  endpoint?: string;

  @ApiProperty({ enum: WEBHOOK_MESSAGE_STATES, required: false, example: 'DEAD' })
  @ValidateIf((_query, value) => value !== undefined)
  @IsIn(WEBHOOK_MESSAGE_STATES)
  state?: WebhookMessageState;
}

/** One event on its way to one endpoint. */
export class WebhookMessageDto {
  @ApiProperty({ example: ID_EXAMPLE }) messageId!: string;
  @ApiProperty({ example: ID_EXAMPLE }) endpointId!: string;
  @ApiProperty({ example: ID_EXAMPLE, description: 'The `webhook-id` that the receiver sees' }) eventId!: string;
  @ApiProperty({ example: 'demo-bkash' }) owner!: string;
  @ApiProperty({ enum: WEBHOOK_EVENT_TYPES, example: 'payment.vended' }) type!: WebhookEventType;
  @ApiProperty({ example: ID_EXAMPLE, description: 'The payment, or the settlement' }) subjectId!: string;
  @ApiProperty({ example: 1, description: 'Of the events of this payment' }) sequence!: number;
  @ApiProperty({ enum: WEBHOOK_MESSAGE_STATES, example: 'DELIVERED' }) state!: WebhookMessageState;
  @ApiProperty({ example: 1 }) attempts!: number;
  @ApiProperty({ type: String, nullable: true, example: 'http-200' }) lastOutcome!: string | null;
  @ApiProperty({ example: '2026-11-21T10:00:05.123+06:00' }) occurredAt!: string;
  @ApiProperty({ type: String, nullable: true, example: null, description: 'When it is tried next' })
  nextAt!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '2026-11-21T10:00:06.001+06:00' }) concludedAt!: string | null;
}

export class WebhookMessagesDto {
  @ApiProperty({ type: [WebhookMessageDto], description: 'The newest first' }) items!: WebhookMessageDto[];
  @ApiProperty({ type: String, nullable: true, example: ID_EXAMPLE, description: 'null: that was all' })
  nextCursor!: string | null;
}

export class WebhookAttemptDto {
  @ApiProperty({ example: '2026-11-21T10:00:05.500+06:00' }) at!: string;
  @ApiProperty({ example: 84 }) tookMs!: number;
  @ApiProperty({ example: 'http-200', description: 'http-<status>, timeout, unreachable, certificate …' })
  outcome!: string;
}

export class WebhookMessageDetailDto extends WebhookMessageDto {
  @ApiProperty({ type: [WebhookAttemptDto], description: 'The last hundred, the latest first' })
  tries!: WebhookAttemptDto[];
}

const textOrNull = (at: number | null) => (at === null ? null : formatInstant(at));

export function endpointView(endpoint: WebhookEndpoint): EndpointDto {
  const { endpointId, owner, url, types, active, disabledReason, failingSince, formerUntil, version } = endpoint;
  return {
    ...{ endpointId, owner, url, types, active, disabledReason, failingSince: textOrNull(failingSince) },
    ...{ formerSecretUntil: textOrNull(formerUntil), version, changedBy: endpoint.changedBy },
    changedAt: formatInstant(endpoint.changedAt),
  };
}

export function messageView(message: WebhookMessage): WebhookMessageDto {
  const { messageId, endpointId, eventId, owner, type, subjectId, sequence, state, attempts, lastOutcome } = message;
  return {
    ...{ messageId, endpointId, eventId, owner, type, subjectId, sequence, state, attempts, lastOutcome },
    occurredAt: formatInstant(message.occurredAt),
    nextAt: state === 'PENDING' ? formatInstant(message.dueAt) : null,
    concludedAt: textOrNull(message.concludedAt),
  };
}

export function messageDetailView(message: WebhookMessage, tries: readonly WebhookAttempt[]): WebhookMessageDetailDto {
  return { ...messageView(message), tries: tries.map((each) => ({ ...each, at: formatInstant(each.at) })) };
}
