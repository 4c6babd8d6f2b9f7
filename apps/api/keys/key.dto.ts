import { ApiProperty } from '@nestjs/swagger';
import type { HeldVendingKey, TokenServerStatus } from '@vend/issuer';
import { formatInstant } from '@vend/kernel';
import {
  CAMPAIGN_KINDS,
  type Campaign,
  type CampaignFigures,
  type CampaignKind,
  type MetersUnderKey,
} from '@vend/meters';

const CAMPAIGN_STATES = ['SELECTING', 'OPEN', 'CANCELLED'] as const satisfies readonly Campaign['state'][];

class VendingKeyDto {
  @ApiProperty({ description: 'Supply group code', example: '123456' }) sgc!: string;
  @ApiProperty({ description: 'Key revision number', example: 1 }) krn!: number;
  @ApiProperty({ description: 'VUDK sells; VDDK and VCDK only change keys', example: 'VUDK' }) kind!: string;
  @ApiProperty({ description: 'Decoder key generation algorithm', example: 4 }) dkga!: number;
  @ApiProperty({ description: 'Base date', example: 2014 }) baseDate!: number;
  @ApiProperty({ description: 'Key expiry number; 255: never', example: 255 }) ken!: number;
  @ApiProperty({ description: 'Check value: tells keys apart, and reveals none', example: '5F1A22' }) kcv!: string;
  @ApiProperty({ type: String, nullable: true, description: 'null: never', example: '2045-11-24T20:16:00.000+06:00' })
  expiresAt!: string | null;
  @ApiProperty({ type: Number, nullable: true, description: '0 once expired; null: never', example: 6_942 })
  daysLeft!: number | null;
  @ApiProperty({ description: '`active`, `retired` (only key changes away from it), `loaded`', example: 'active' })
  state!: string;
}

class TokenServerDto {
  @ApiProperty({ type: [String], description: 'software or pkcs11', example: ['software'] }) modules!: string[];
  @ApiProperty({ example: 'production' }) staTables!: string;
  @ApiProperty({ type: [String], description: 'What an operator must see, in English', example: [] })
  warnings!: string[];
  @ApiProperty({ description: 'Since it started', example: 120_000 }) tokensIssued!: number;
  @ApiProperty({ example: 3 }) requestsRefused!: number;
  @ApiProperty({ description: 'Lines of its audit log', example: 120_500 }) auditLines!: number;
  @ApiProperty({ type: [VendingKeyDto] }) keys!: VendingKeyDto[];
}

class MetersUnderKeyDto {
  @ApiProperty({ example: '123456' }) sgc!: string;
  @ApiProperty({ example: 1 }) krn!: number;
  @ApiProperty({ description: 'Tariff index', example: '01' }) ti!: string;
  @ApiProperty({ example: 255 }) ken!: number;
  @ApiProperty({ example: 2014 }) baseDate!: number;
  @ApiProperty({ description: 'Active meters', example: 312_000 }) meters!: number;
  @ApiProperty({ description: 'Of these, with a key change under way', example: 1_200 }) changeOpen!: number;
  @ApiProperty({ description: 'The first instant without credit', example: '2045-11-24T20:16:00.000+06:00' })
  endsAt!: string;
  @ApiProperty({ description: 'Below zero: it has ended', example: 6_942 }) daysLeft!: number;
}

export class KeyStatusDto {
  @ApiProperty({ type: TokenServerDto, nullable: true, description: 'null: it could not be asked just now' })
  tokenServer!: TokenServerDto | null;
  @ApiProperty({ type: [MetersUnderKeyDto] }) meters!: MetersUnderKeyDto[];
}

class RefusedDto {
  @ApiProperty({ example: 'meter-key-unknown' }) code!: string;
  @ApiProperty({ example: 12 }) meters!: number;
}

class CampaignFiguresDto {
  @ApiProperty({ description: 'The states add up to it', example: 20_000 }) meters!: number;
  @ApiProperty({ description: 'Waiting for their recharge or for field staff', example: 8_000 }) due!: number;
  @ApiProperty({ description: 'Of these, without a set yet', example: 500 }) toMake!: number;
  @ApiProperty({ type: [RefusedDto], description: 'Of these, refused by the token server' }) refused!: RefusedDto[];
  @ApiProperty({ example: 9_000 }) issued!: number;
  @ApiProperty({ example: 8_700 }) issuedByVend!: number;
  @ApiProperty({ example: 300 }) issuedByFile!: number;
  @ApiProperty({ example: 2_900 }) confirmed!: number;
  @ApiProperty({ description: 'Another change went before', example: 60 }) stale!: number;
  @ApiProperty({ example: 40 }) cancelled!: number;
}

export class CampaignDto {
  @ApiProperty({ example: 'rollover-2026' }) name!: string;
  @ApiProperty({ enum: CAMPAIGN_KINDS }) kind!: CampaignKind;
  @ApiProperty({ example: '123456/1 to 123456/2' }) selection!: string;
  @ApiProperty({ enum: CAMPAIGN_STATES }) state!: Campaign['state'];
  @ApiProperty({ example: 'officer:anwar' }) madeBy!: string;
  @ApiProperty({ example: '2026-11-22T10:00:00.000+06:00' }) madeAt!: string;
}

export class CampaignWholeDto extends CampaignDto {
  @ApiProperty() figures!: CampaignFiguresDto;
}

export class CampaignPageDto {
  @ApiProperty({ type: [CampaignDto] }) items!: CampaignDto[];
  @ApiProperty({ type: String, nullable: true, example: null }) nextCursor!: string | null;
}

export function keyStatusView(status: TokenServerStatus | null, meters: readonly MetersUnderKey[]): KeyStatusDto {
  return {
    tokenServer: status && {
      modules: status.modules.map(({ kind }) => kind),
      staTables: status.staTables,
      warnings: [...status.warnings],
      tokensIssued: status.tokensIssued,
      requestsRefused: status.requestsRefused,
      auditLines: status.auditLines,
      keys: status.modules.flatMap(({ keys }) => keys).map(keyView),
    },
    meters: meters.map(({ endsAt, ...group }) => ({ ...group, endsAt: formatInstant(endsAt) })),
  };
}

function keyView({
  sgc,
  krn,
  kind,
  dkga,
  baseDate,
  ken,
  kcv,
  expiresAt,
  daysLeft,
  state,
}: HeldVendingKey): VendingKeyDto {
  return { sgc, krn, kind, dkga, baseDate, ken, kcv, expiresAt, daysLeft, state };
}

export function campaignView({ name, kind, selection, state, madeBy, madeAt }: Campaign): CampaignDto {
  return { name, kind, selection, state, madeBy, madeAt: formatInstant(madeAt) };
}

export function campaignWholeView(campaign: Campaign, { refused, ...figures }: CampaignFigures): CampaignWholeDto {
  const codes = Object.entries(refused).map(([code, meters]) => ({ code, meters }));
  return { ...campaignView(campaign), figures: { ...figures, refused: codes } };
}
