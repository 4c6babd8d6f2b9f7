import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { GrpcTokenIssuer, type TokenServerStatus } from '@vend/issuer';
import { Campaigns, MetersUnderKeys } from '@vend/meters';
import { Allow } from '../http/bearer.guard';
import { limitOf, pageOf, PageQuery } from '../http/page';
import { ApiProblems } from '../http/problem.dto';
import {
  CampaignPageDto,
  campaignView,
  CampaignWholeDto,
  campaignWholeView,
  KeyStatusDto,
  keyStatusView,
} from './key.dto';

const STATUS_WITHIN_MS = 3_000;

@ApiTags('Keys')
@Controller('v1')
export class KeysController {
  constructor(
    private readonly issuer: GrpcTokenIssuer,
    private readonly campaigns: Campaigns,
    private readonly metersUnderKeys: MetersUnderKeys,
  ) {}

  @Get('keys')
  @Allow('key.read')
  @ApiOperation({
    summary: 'Which vending keys the token server holds, when they end, and how many meters stand under each',
    description:
      'Names and check values; no key ever leaves the token server. Also when it cannot be asked: then the meters alone, ' +
      'counted a minute ago at most.',
  })
  @ApiOkResponse({ type: KeyStatusDto })
  @ApiProblems()
  async keys(): Promise<KeyStatusDto> {
    // Whatever is the matter with it, the meters' own keys are known here.
    const status = await this.issuer.status(STATUS_WITHIN_MS).catch((): TokenServerStatus | null => null);
    const held = status?.modules.flatMap(({ keys }) => keys) ?? [];
    return keyStatusView(status, await this.metersUnderKeys.all(held));
  }

  @Get('campaigns')
  @Allow('campaign.read')
  @ApiOperation({
    summary: 'List key-change campaigns, the newest first',
    description:
      'They are made, and their sets, by `npm run campaign` under the key officer’s certificate, which this server has not.',
  })
  @ApiOkResponse({ type: CampaignPageDto })
  @ApiProblems('field-invalid')
  async list(@Query() query: PageQuery): Promise<CampaignPageDto> {
    const limit = limitOf(query);
    const found = await this.campaigns.list({ before: query.cursor, limit });
    return pageOf(found, limit, campaignView, ({ campaignId }) => campaignId);
  }

  @Get('campaigns/:name')
  @Allow('campaign.read')
  @ApiOperation({ summary: 'How far a campaign is, in meters', description: 'Counted from its rows when asked.' })
  @ApiParam({ name: 'name', example: 'rollover-2026' })
  @ApiOkResponse({ type: CampaignWholeDto })
  @ApiProblems('campaign-not-found')
  async show(@Param('name') name: string): Promise<CampaignWholeDto> {
    const { campaign, figures } = await this.campaigns.status(name);
    return campaignWholeView(campaign, figures);
  }
}
