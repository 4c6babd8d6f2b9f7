import { Body, Controller, Get, Headers, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { dhakaDay, DomainError, formatInstant, formatTaka, startOfDay } from '@vend/kernel';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Partners } from '../gateway/partners';
import { sendPage } from '../http/html';
import { ZodPipe } from '../http/zod.pipe';
import type { SandboxErrorCode } from '../sandbox.errors';
import { bankCreditCsv, statementCsv, statementRows, type StatementTerms } from './statement';
import { ProviderBook, type BookedPayment } from './provider-book';
import { faultsOf, ProviderFaults, STATEMENT_FAULTS, type FaultSetting } from './provider-faults';
import { ProvidersFile } from './providers-file';
import { providersTable, type CompanyOnPage } from './providers.page';

const localDay = z.string().refine(isDay);
const statementQuery = z.object({
  day: localDay.optional(),
  /** `missing,extra`. */
  faults: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter(Boolean))
    .pipe(z.array(z.enum(STATEMENT_FAULTS))),
});
const bankQuery = statementQuery.pick({ day: true });
const faultSetting = z.strictObject({
  seed: z.number().int(),
  faults: z.record(z.string(), z.number().min(0).max(1)),
});
const faultForm = z.object({ code: z.string(), fault: z.string(), probability: z.coerce.number().min(0).max(1) });

const CSV = 'text/csv; charset=utf-8';

/** The companies that take customers' money: their own books, what they say of a day, and what they play. */
@Controller('providers')
export class ProvidersController {
  constructor(
    private readonly file: ProvidersFile,
    private readonly partners: Partners,
    private readonly book: ProviderBook,
    private readonly faults: ProviderFaults,
  ) {}

  /** A page for people; the same as JSON for whoever asks for that. */
  @Get()
  async list(@Res() reply: FastifyReply, @Headers('accept') accept = ''): Promise<void> {
    const companies = await this.companies();
    if (accept.includes('text/html')) return sendPage(reply, ...TITLE, providersTable(companies));
    await reply.send({ providers: companies });
  }

  /** The page's form: one fault of one company. */
  @Post()
  @HttpCode(200)
  async change(
    @Body(new ZodPipe(faultForm)) { code, fault, probability }: z.output<typeof faultForm>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { seed, faults } = this.faults.settingOf(code);
    await this.setFaults(code, { seed, faults: { ...faults, [fault]: probability } });
    await sendPage(reply, ...TITLE, providersTable(await this.companies()));
  }

  @Get(':code/payments')
  async payments(@Param('code') code: string): Promise<{ payments: unknown[] }> {
    await this.find(code);
    return { payments: this.book.payments(code).map(shown) };
  }

  /** The company gives the payer the money back because it was asked to, by letter or telephone; a repeat changes nothing. */
  @Post(':code/payments/:trxId/reversal')
  @HttpCode(200)
  async reverse(@Param('code') code: string, @Param('trxId') trxId: string): Promise<unknown> {
    await this.find(code);
    if (!this.book.payment(code, trxId)) throw new DomainError<SandboxErrorCode>('payment-unknown');
    await this.book.reversed(code, trxId, Date.now());
    return shown(this.book.payment(code, trxId)!);
  }

  @Get(':code/statement')
  async statement(
    @Param('code') code: string,
    @Query(new ZodPipe(statementQuery)) { day = dhakaDay(Date.now()), faults }: z.output<typeof statementQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const terms = await this.termsOf(code);
    const rows = statementRows(this.book.payments(code), day, terms, faults);
    await reply.type(CSV).send(statementCsv(rows, day, terms));
  }

  /** What our bank says that the company paid in for a day. */
  @Get(':code/bank-credits')
  async bankCredits(
    @Param('code') code: string,
    @Query(new ZodPipe(bankQuery)) { day = dhakaDay(Date.now()) }: z.output<typeof bankQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const terms = await this.termsOf(code);
    await reply.type(CSV).send(bankCreditCsv(statementRows(this.book.payments(code), day, terms), day, terms));
  }

  @Put(':code/faults')
  async setFaults(
    @Param('code') code: string,
    @Body(new ZodPipe(faultSetting)) { seed, faults }: z.output<typeof faultSetting>,
  ): Promise<FaultSetting> {
    const { profile } = await this.find(code);
    const known: readonly string[] = faultsOf(profile);
    const wrong = Object.keys(faults).filter((name) => !known.includes(name));
    if (wrong.length > 0) {
      const fields = wrong.map((name) => `faults.${name}: not played by ${profile}`).join('; ');
      throw new DomainError<SandboxErrorCode>('request-malformed', { fields });
    }
    this.faults.set(code, { seed, faults: faults });
    return this.faults.settingOf(code);
  }

  private async find(code: string): Promise<Company> {
    const found = (await this.all()).find((each) => each.code === code);
    if (!found) throw new DomainError<SandboxErrorCode>('provider-unknown');
    return found;
  }

  private async termsOf(code: string): Promise<StatementTerms> {
    const { commissionBasisPoints } = await this.find(code);
    return { provider: code, commissionBasisPoints };
  }

  /** Those of the file, and the partners of our own signed contract. */
  private async all(): Promise<Company[]> {
    const played = await this.file.all();
    const partners = (await this.partners.all())
      .filter(({ code }) => !played.some((each) => each.code === code))
      .map(({ code, name }) => ({ code, name, profile: 'signed-v1', commissionBasisPoints: 0 }));
    return [...played, ...partners];
  }

  private async companies(): Promise<CompanyOnPage[]> {
    return (await this.all()).map(({ code, name, profile }) => {
      const payments = this.book.payments(code);
      const back = payments.filter(({ reversedAt }) => reversedAt !== null);
      return {
        code,
        name,
        profile,
        payments: payments.length,
        taken: formatTaka(sumOf(payments)),
        reversed: formatTaka(sumOf(back)),
        faults: this.faults.settingOf(code).faults,
        playable: faultsOf(profile),
      };
    });
  }
}

const TITLE = ['কোম্পানির খাতা', 'Companies’ books'] as const;

interface Company {
  readonly code: string;
  readonly name: string;
  readonly profile: string;
  readonly commissionBasisPoints: number;
}

function shown(payment: BookedPayment): unknown {
  const { trxId, reference, orderNo, amountPaisa, at, reversedAt } = payment;
  return {
    trxId,
    reference,
    orderNo,
    amount: formatTaka(amountPaisa),
    at: formatInstant(at),
    reversedAt: reversedAt === null ? null : formatInstant(reversedAt),
  };
}

function sumOf(payments: readonly BookedPayment[]): bigint {
  return payments.reduce((sum, { amountPaisa }) => sum + amountPaisa, 0n);
}

function isDay(text: string): boolean {
  try {
    startOfDay(text);
    return true;
  } catch {
    return false;
  }
}
