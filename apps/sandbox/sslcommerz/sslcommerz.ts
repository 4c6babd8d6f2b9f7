import { formatInstant, formatTaka, parseTaka } from '@vend/kernel';
import type { NextStep, PayerAction } from '../providers/pay-page';
import type { PlayedAnswer } from '../providers/played-answer';
import type { ProviderBook } from '../providers/provider-book';
import type { ProviderFaults } from '../providers/provider-faults';
import type { PlayedProvider } from '../providers/providers-file';
import type { CardNotices } from './card-notices';
import { signedMessage } from './card-signature';
import {
  newNumber,
  newSessionKey,
  type CardAttempt,
  type CardRefund,
  type CardSession,
  type SslcommerzSessions,
} from './sslcommerz-sessions';

type Fields = Readonly<Record<string, unknown>>;

/** After so long without an attempt a session has expired. */
const LIFE_MS = 45 * 60_000;
/** How long it says FAILED of what it says VALID of afterwards. */
const WRONG_FOR_MS = 1_500;
/** What comes back only now. */
const REFUND_TAKES_MS = 300;
const STATUS = { pay: 'VALID', fail: 'FAILED', cancel: 'CANCELLED' } as const;

/** SSLCommerz v4 as a merchant's server sees it (CHANNELS.md, 5): sessions, the validator, questions, refunds. */
export class Sslcommerz {
  /** What it takes in place of what it is asked for; a test's doing. */
  readonly takesInstead = new Map<string, bigint>();

  constructor(
    private readonly sessions: SslcommerzSessions,
    private readonly book: ProviderBook,
    private readonly faults: ProviderFaults,
    private readonly notices: CardNotices,
    private readonly now: () => number = Date.now,
  ) {}

  async begin(provider: PlayedProvider, base: string, fields: Fields): Promise<PlayedAnswer> {
    const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : '');
    const refused = (failedreason: string) => ({ body: { status: 'FAILED', failedreason } });
    if (!isKnown(provider, fields)) return refused('Store Credential Error Or Store is De-active');
    const amountPaisa = amountOf(text('total_amount'));
    if (amountPaisa === undefined || amountPaisa < 1_000n) return refused('Invalid Amount');
    if (text('currency') !== 'BDT') return refused('Invalid Currency');
    if (!/^[\w-]{1,30}$/.test(text('tran_id'))) return refused('Invalid tran_id');
    const needed = ['success_url', 'fail_url', 'cancel_url', 'cus_name', 'cus_email', 'cus_phone', 'product_name'];
    const missing = needed.find((name) => text(name) === '');
    if (missing !== undefined) return refused(`Invalid Information: ${missing}`);
    const session = await this.sessions.save({
      ...{ sessionkey: newSessionKey(), provider: provider.code, tranId: text('tran_id'), amountPaisa },
      ...{ reference: text('value_a'), successUrl: text('success_url'), failUrl: text('fail_url') },
      ...{ cancelUrl: text('cancel_url'), ipnUrl: text('ipn_url'), createdAt: this.now(), attempts: [], refunds: [] },
    });
    const GatewayPageURL = `${base}/sslcommerz/${provider.code}/pay/${session.sessionkey}`;
    return {
      body: {
        ...{ status: 'SUCCESS', failedreason: '', sessionkey: session.sessionkey, GatewayPageURL },
        ...{ gw: { visa: 'city_visa', mobilebanking: 'bkash' }, redirectGatewayURL: '', storeBanner: '', desc: [] },
      },
    };
  }

  /** The payer at the page. The card is charged here, whatever the gateway says of it for a while. */
  async visit(provider: PlayedProvider, session: CardSession, action: PayerAction): Promise<NextStep> {
    const paid = session.attempts.find(({ status }) => status === 'VALID');
    if (paid) return this.next(provider, session, paid);
    const at = this.now();
    const happens = (fault: Parameters<ProviderFaults['happens']>[1]) => this.faults.happens(provider.code, fault);
    const wrong = action === 'pay' && happens('valid-after-failed');
    const attempt: CardAttempt = {
      ...{ valId: newNumber(at), bankTranId: newNumber(at), status: STATUS[action], validated: false, at },
      ...{ amountPaisa: this.amountTaken(session), failedUntil: wrong ? at + WRONG_FOR_MS : 0 },
      risky: action === 'pay' && happens('risk-level-1'),
    };
    const saved = this.sessions.save({ ...session, attempts: [...session.attempts, attempt] });
    if (action === 'pay') {
      const { bankTranId: trxId, amountPaisa } = attempt;
      const { reference, tranId: orderNo } = session;
      await this.book.took({ provider: provider.code, trxId, reference, orderNo, amountPaisa, at });
    }
    const known = await saved;
    await this.notices.tell(provider, known, attempt, (status) => this.form(provider, known, attempt, status));
    return this.next(provider, known, attempt);
  }

  validate(provider: PlayedProvider, { val_id: valId, ...fields }: Fields): PlayedAnswer {
    const invalid = { body: { status: 'INVALID_TRANSACTION', APIConnect: 'DONE' } };
    if (!isKnown(provider, fields)) return { body: { ...invalid.body, APIConnect: 'INVALID_REQUEST' } };
    const fits = (attempt: CardAttempt) => attempt.valId === valId && this.statusOf(attempt) === 'VALID';
    const [session] = this.sessions.named(provider.code, 'validation', valId);
    const attempt = session?.attempts.find(fits);
    if (!session || !attempt) return invalid;
    const status = attempt.validated ? 'VALIDATED' : 'VALID';
    const attempts = session.attempts.map((each) => (each === attempt ? { ...each, validated: true } : each));
    const first = !attempt.validated;
    void this.sessions.save({ ...session, attempts });
    if (first && this.faults.happens(provider.code, 'refund-after-token')) {
      void this.book.reversed(provider.code, attempt.bankTranId, this.now());
    }
    return { body: { ...this.words(provider, session, attempt), status, APIConnect: 'DONE', validated_on: '' } };
  }

  /** The one address of the gateway for questions by order, refunds, and questions about refunds. */
  async transactions(provider: PlayedProvider, fields: Fields): Promise<PlayedAnswer> {
    if (!isKnown(provider, fields)) return { body: { APIConnect: 'FAILED', status: 'failed' } };
    if (fields['refund_amount'] !== undefined) return this.refund(provider, fields);
    if (fields['refund_ref_id'] !== undefined || fields['refe_id'] !== undefined)
      return this.refundStatus(provider, fields);
    const element = this.sessions
      .named(provider.code, 'order', fields['tran_id'])
      .flatMap((session) => this.triedOf(provider, session));
    return { body: { APIConnect: 'DONE', no_of_trans_found: element.length, element } };
  }

  private triedOf(provider: PlayedProvider, session: CardSession): Record<string, string>[] {
    const { attempts, tranId: tran_id, createdAt } = session;
    // Of what was never tried it has no more to say.
    if (attempts.length === 0) return this.now() - createdAt > LIFE_MS ? [{ tran_id, status: 'UNATTEMPTED' }] : [];
    return attempts.map((attempt) => {
      const status = this.statusOf(attempt);
      const validated = status === 'VALID' && attempt.validated;
      return { ...this.words(provider, session, attempt), status: validated ? 'VALIDATED' : status };
    });
  }

  /** The payer lets the time run out; a test's doing. */
  async expire(provider: string, sessionkey: string): Promise<void> {
    const session = this.sessions.find(provider, sessionkey);
    if (session) await this.sessions.save({ ...session, createdAt: this.now() - LIFE_MS - 1 });
  }

  private async refund(provider: PlayedProvider, fields: Fields): Promise<PlayedAnswer> {
    const { bank_tran_id: bankTranId, refe_id: refeId, refund_amount: amount } = fields;
    const failed = (errorReason: string) => ({ body: { APIConnect: 'DONE', status: 'failed', errorReason } });
    const [session] = this.sessions.named(provider.code, 'bank', bankTranId);
    const attempt = session?.attempts.find((each) => each.bankTranId === bankTranId && each.status === 'VALID');
    const amountPaisa = amountOf(amount);
    if (!session || !attempt || amountPaisa === undefined || typeof refeId !== 'string')
      return failed('Invalid request');
    const answer = ({ refundRef: refund_ref_id }: CardRefund) => ({
      body: { APIConnect: 'DONE', bank_tran_id: bankTranId, refund_ref_id, status: 'success', errorReason: '' },
    });
    const same = session.refunds.find((each) => each.refeId === refeId);
    if (same) return answer(same);
    const before = session.refunds.filter((each) => each.bankTranId === bankTranId);
    const left = before.reduce((sum, each) => sum - each.amountPaisa, attempt.amountPaisa);
    if (amountPaisa > left) return failed('Refund amount exceeds the transaction');
    const at = this.now();
    const made = { refundRef: newNumber(at), refeId, bankTranId: attempt.bankTranId, amountPaisa, at };
    await this.sessions.save({ ...session, refunds: [...session.refunds, made] });
    if (amountPaisa === left) await this.book.reversed(provider.code, attempt.bankTranId, at);
    return answer(made);
  }

  private refundStatus(provider: PlayedProvider, { refund_ref_id: ref, refe_id: refe }: Fields): PlayedAnswer {
    const fits = ({ refundRef, refeId }: CardRefund) => (ref === undefined ? refeId === refe : refundRef === ref);
    const [session] =
      ref === undefined
        ? this.sessions.named(provider.code, 'reference', refe)
        : this.sessions.named(provider.code, 'refund', ref);
    const found = session?.refunds.find(fits);
    if (!found) return { body: { APIConnect: 'DONE', status: 'failed', errorReason: 'Refund not found' } };
    const status = this.now() - found.at > REFUND_TAKES_MS ? 'refunded' : 'processing';
    const { bankTranId: bank_tran_id, refundRef: refund_ref_id } = found;
    return { body: { APIConnect: 'DONE', bank_tran_id, refund_ref_id, status, errorReason: '' } };
  }

  private amountTaken({ provider, amountPaisa }: CardSession): bigint {
    if (this.faults.happens(provider, 'takes-less')) return (amountPaisa / 200n) * 100n;
    if (this.faults.happens(provider, 'takes-more')) return amountPaisa + 1_000n;
    return this.takesInstead.get(provider) ?? amountPaisa;
  }

  private statusOf({ status, failedUntil }: CardAttempt): CardAttempt['status'] {
    return status === 'VALID' && this.now() < failedUntil ? 'FAILED' : status;
  }

  /** Where the browser goes, with what the gateway says at that instant. */
  private next(provider: PlayedProvider, session: CardSession, attempt: CardAttempt): NextStep {
    const status = this.statusOf(attempt);
    const told =
      attempt.status === 'VALID' && this.faults.happens(provider.code, 'notice-contradicts') ? 'FAILED' : status;
    const url = { VALID: session.successUrl, CANCELLED: session.cancelUrl }[told as string] ?? session.failUrl;
    return { method: 'POST', url, form: this.form(provider, session, attempt, told) };
  }

  /** A signed message, as the browser's form and the notice have it. */
  private form(provider: PlayedProvider, session: CardSession, attempt: CardAttempt, status: string) {
    const fields = { ...this.words(provider, session, attempt), status };
    const named = this.faults.happens(provider.code, 'ipn-short-key') ? ['tran_id', 'status'] : Object.keys(fields);
    return signedMessage(fields, named, provider.credentials['storePassword'] ?? '');
  }

  private words(provider: PlayedProvider, session: CardSession, attempt: CardAttempt): Record<string, string> {
    const { amountPaisa, risky, bankTranId, valId, at } = attempt;
    const amount = formatTaka(amountPaisa);
    const kept = (amountPaisa * BigInt(provider.commissionBasisPoints)) / 10_000n;
    return {
      ...{ amount, bank_tran_id: bankTranId, base_fair: '0.00', card_brand: 'VISA', card_issuer: 'DEMO BANK, LTD.' },
      ...{ card_issuer_country: 'Bangladesh', card_issuer_country_code: 'BD', card_no: '418117XXXXXX6675' },
      ...{ card_type: 'VISA-Dutch Bangla', currency: 'BDT', currency_amount: amount, currency_rate: '1.0000' },
      ...{ currency_type: 'BDT', risk_level: risky ? '1' : '0', risk_title: risky ? 'Risk' : 'Safe' },
      ...{ status: attempt.status, store_amount: formatTaka(amountPaisa - kept) },
      ...{ store_id: provider.settings['storeId'] ?? '', tran_date: dateText(at), tran_id: session.tranId },
      ...{ val_id: attempt.status === 'VALID' ? valId : '', value_a: session.reference },
      ...{ value_b: '', value_c: '', value_d: '' },
    };
  }
}

function isKnown({ settings, credentials }: PlayedProvider, { store_id: id, store_passwd: password }: Fields): boolean {
  return id === settings['storeId'] && password === credentials['storePassword'];
}

function amountOf(text: unknown): bigint | undefined {
  try {
    return typeof text === 'string' ? parseTaka(text) : undefined;
  } catch {
    return undefined;
  }
}

/** Dhaka time without a zone: `2020-01-05 22:58:21`. */
function dateText(at: number): string {
  return formatInstant(at).slice(0, 19).replace('T', ' ');
}
