import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { officesOf, type SessionUser } from '@vend/identity';
import { isId } from '@vend/kernel';
import { Database } from '@vend/platform';
import { REVIEW_STATES, Watch, type ReviewState } from '@vend/watch';
import { Allow, Caller } from '../http/bearer.guard';
import { FieldsInvalid } from '../http/field.pipe';
import { ApiBodyProblems, ApiProblems } from '../http/problem.dto';
import { DecideReviewRequest, ReviewDto, ReviewPageDto, reviewView } from './review.dto';

const PAGE = 50;

@ApiTags('Back office')
@Controller('v1/reviews')
export class ReviewsController {
  constructor(
    private readonly watch: Watch,
    private readonly database: Database,
  ) {}

  @Get()
  @Allow('review.read')
  @ApiOperation({
    summary: 'Show what looked unusual, the latest first',
    description: 'Of the own office and those below it; administrators and auditors see every office.',
  })
  @ApiQuery({ name: 'state', required: false, enum: REVIEW_STATES })
  @ApiQuery({ name: 'rule', required: false, example: 'many-vends-meter' })
  @ApiQuery({ name: 'subject', required: false, example: 'person:rahima' })
  @ApiQuery({ name: 'cursor', required: false, description: '`nextCursor` of the page before' })
  @ApiOkResponse({ type: ReviewPageDto })
  @ApiProblems('field-invalid')
  async list(
    @Caller() user: SessionUser,
    @Query('state') state?: string,
    @Query('rule') rule?: string,
    @Query('subject') subject?: string,
    @Query('cursor') cursor?: string,
  ): Promise<ReviewPageDto> {
    const wrong = [
      state !== undefined && !(REVIEW_STATES as readonly string[]).includes(state) && 'state',
      rule !== undefined && !/^[a-z-]{1,40}$/.test(rule) && 'rule',
      subject !== undefined && !/^(?:meter|station|person):[\x21-\x7e]{1,60}$/.test(subject) && 'subject',
      cursor !== undefined && !isId(cursor) && 'cursor',
    ].filter((field) => field !== false);
    if (wrong.length > 0) throw new FieldsInvalid(wrong.map((field) => ({ field, code: 'field-malformed' })));
    const items = await this.watch.reviews({
      state: state as ReviewState | undefined,
      rule,
      subject,
      before: cursor,
      offices: await officesOf(this.database, user),
      limit: PAGE + 1,
    });
    const page = items.slice(0, PAGE);
    return { items: page.map(reviewView), nextCursor: items.length > PAGE ? page.at(-1)!.reviewId : null };
  }

  @Post(':id/decide')
  @HttpCode(200)
  @Allow('review.decide')
  @ApiOperation({
    summary: 'Say what was found about an item',
    description:
      'The same answer again changes nothing. An item that was explained and goes on to grow is open again: what was ' +
      'explained was less.',
  })
  @ApiOkResponse({ type: ReviewDto })
  @ApiBodyProblems('review-not-found', 'review-decided')
  async decide(
    @Caller() user: SessionUser,
    @Param('id') reviewId: string,
    @Body() { state, note }: DecideReviewRequest,
  ): Promise<ReviewDto> {
    const offices = await officesOf(this.database, user);
    return reviewView(await this.watch.decide(user, reviewId, { state, note }, offices));
  }
}
