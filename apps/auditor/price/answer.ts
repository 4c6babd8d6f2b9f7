import { DomainError, dhakaMonth, formatKwh, formatTaka, parseKwh, parseTaka, type WattHours } from '@vend/kernel';
import {
  minimumRecharge,
  price,
  quoteLines,
  rechargeFor,
  tariffErrors,
  type NextState,
  type Quote,
  type TariffErrorCode,
} from '@vend/tariff';
import type { LineAnswer, LineHandler } from '../ndjson';
import type { Catalogue } from './catalogue';
import { BadRequest, instantOf, monthText, readRequest, stateOf, type PriceRequest } from './request';

/** What one line was refused with. */
interface Refusal {
  readonly code: string;
  readonly en: string;
  readonly bn?: string;
  readonly where?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** Answers lines of requests with lines of quotes. */
export class PriceLines implements LineHandler {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly withLines = true,
  ) {}

  answer(line: string, number: number): LineAnswer {
    let id: unknown = null;
    try {
      const json = parseJson(line);
      id = (json as { id?: unknown } | null)?.id ?? null;
      const request = readRequest(json);
      return { text: JSON.stringify(this.quoted(request)), failed: false };
    } catch (error) {
      return { text: JSON.stringify({ id, line: number, error: refusalOf(error) }), failed: true };
    }
  }

  tooLong(number: number): LineAnswer {
    const error: Refusal = { code: 'line-too-long', en: 'The line is longer than 256 KiB.' };
    return { text: JSON.stringify({ id: null, line: number, error }), failed: true };
  }

  private quoted(request: PriceRequest) {
    const at = instantOf(request);
    const state = stateOf(request, dhakaMonth(at));
    const book = this.catalogue.bookOf(request);
    const options = { channel: request.channel };
    let grossPaisa: bigint;
    if (request.amount !== undefined) grossPaisa = parseTaka(request.amount);
    else if (request.kwh !== undefined) grossPaisa = rechargeFor(state, parseKwh(request.kwh), at, book, options);
    else grossPaisa = minimumRecharge(state, at, book, options);
    const quote = price(state, grossPaisa, at, book, options);
    const lines = request.lines && this.withLines ? { lines: linesOf(quote) } : {};
    return { id: request.id, ...amountsOf(quote), ...lines, next: nextOf(quote.next) };
  }
}

function amountsOf(quote: Quote) {
  return {
    amount: formatTaka(quote.grossPaisa),
    vat: formatTaka(quote.vatPaisa),
    net: formatTaka(quote.netPaisa),
    arrears: formatTaka(quote.arrearsPaisa),
    rent: formatTaka(quote.rentPaisa),
    demand: formatTaka(quote.demandPaisa),
    powerFactor: formatTaka(quote.pfcPaisa),
    penalty: formatTaka(quote.penaltyPaisa),
    adjustment: formatTaka(quote.adjustmentPaisa),
    rebate: formatTaka(quote.rebatePaisa),
    lifelineCredit: formatTaka(quote.lifelineCreditPaisa),
    remainderIn: formatTaka(quote.remainderInPaisa),
    energy: formatTaka(quote.energyPaisa),
    remainderOut: formatTaka(quote.remainderOutPaisa),
    energyKwh: quote.energyWh === null ? null : formatKwh(quote.energyWh),
    estimatedKwh: quote.estimatedWh === null ? null : twoDecimals(quote.estimatedWh),
    months: quote.months.map(monthText),
    minimum: formatTaka(quote.minimumRechargePaisa),
    maximum: formatTaka(quote.maximumRechargePaisa),
    tariffVersion: quote.tariffVersion,
    rebateProfile: quote.rebateProfile,
  };
}

/** As receipts print an estimate: 174.50. */
function twoDecimals(energyWh: WattHours): string {
  return formatTaka(energyWh / 10n);
}

function linesOf(quote: Quote) {
  return quoteLines(quote).map(({ code, amountPaisa, label, why }) => ({
    code,
    amount: formatTaka(amountPaisa),
    label,
    why,
  }));
}

/** In the words of a request's meter, so that it can be put into the next one. */
function nextOf(next: NextState) {
  return {
    chargedThrough: next.chargedThrough === null ? null : monthText(next.chargedThrough),
    soldMonth: next.soldMonth === null ? null : monthText(next.soldMonth),
    soldKwh: formatKwh(next.soldWh),
    arrears: formatTaka(next.arrearsPaisa),
    remainder: formatTaka(next.remainderPaisa),
    pfcDue: formatTaka(next.pfcDuePaisa),
    penaltyDue: formatTaka(next.penaltyDuePaisa),
    adjustmentDue: formatTaka(next.adjustmentDuePaisa),
  };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new BadRequest('line', 'not JSON');
  }
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof BadRequest) return { code: 'bad-request', where: error.where, en: error.reason };
  if (error instanceof DomainError && (error.code as string) in tariffErrors) {
    const { en, bn } = tariffErrors[error.code as TariffErrorCode];
    return { code: error.code as string, en, bn, facts: error.facts };
  }
  // The rules refuse what cannot be with a RangeError: a negative sum, an arrears plan above 100 %.
  if (error instanceof RangeError) return { code: 'state-impossible', en: error.message };
  throw error;
}
