import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { html, sendPage } from '../http/html';
import { ZodPipe } from '../http/zod.pipe';
import { billerForm, storyOnPage, TROUBLES } from './billers.page';
import { companyOrder, type CompanyOrder } from './company-order';
import type { CompanyStory } from './company-story';
import { MobileMoneyCompanies } from './mfs';

const TITLE = ['বিল সংগ্রহকারী কোম্পানি', 'Companies that sell recharges'] as const;
const payForm = z.object({
  provider: z.string(),
  reference: z.string().trim(),
  amount: z.string().trim(),
  trouble: z.string().refine((name) => Object.hasOwn(TROUBLES, name)),
});
type PayForm = z.output<typeof payForm>;

/** The companies that sell our recharges, each in its own dialect: orders for machines as JSON, a plain page for people. */
@Controller('billers')
export class BillersController {
  constructor(private readonly companies: MobileMoneyCompanies) {}

  @Post(':provider/payments')
  @HttpCode(200)
  async pay(
    @Param('provider') provider: string,
    @Body(new ZodPipe(companyOrder)) order: CompanyOrder,
  ): Promise<CompanyStory['told']> {
    return (await this.companies.pay(provider, order)).told;
  }

  /** How a payment went on after it was answered for. */
  @Get(':provider/payments/:trxId')
  story(@Param('provider') provider: string, @Param('trxId') trxId: string): CompanyStory['told'] {
    return this.companies.story(provider, trxId).told;
  }

  @Get()
  async page(@Res() reply: FastifyReply): Promise<void> {
    await sendPage(reply, ...TITLE, billerForm(await this.companies.companies()));
  }

  @Post()
  @HttpCode(200)
  async payFromPage(@Body(new ZodPipe(payForm)) form: PayForm, @Res() reply: FastifyReply): Promise<void> {
    const { provider, trouble, ...wanted } = form;
    const order = companyOrder.parse({ ...wanted, faults: TROUBLES[trouble]!.faults });
    const { told } = await this.companies.pay(provider, order);
    const body = html`${billerForm(await this.companies.companies(), form)}${storyOnPage(told)}`;
    await sendPage(reply, ...TITLE, body);
  }
}
