import { BlockList, isIP } from 'node:net';
import { DomainError, isDomainError, type InstantMs, type Paisa } from '@vend/kernel';
import { balanceAt } from '@vend/ledger';
import type { PaymentsErrorCode, Provider, Providers } from '@vend/payments';
import { isConnectionLost, type Database } from '@vend/platform';
import type { Accepted, CommitRegister } from './commit-register';
import type { BillerCore, BillerPayment } from './core';
import { AnswerLost } from './sandbox/trigger-biller';
import type { BillerProfile, ProfileCall, ProfileResult, WireAnswer, WireRequest } from './profile';

/** A request as it came to the door. */
export interface DoorRequest extends Omit<WireRequest, 'rawBody'> {
  /** undefined: larger than is read. */
  readonly rawBody: Buffer | undefined;
  readonly address: string;
}

interface Parts {
  readonly database: Database;
  readonly providers: Pick<Providers, 'byCode'>;
  readonly profiles: Readonly<Partial<Record<string, BillerProfile>>>;
  readonly register: CommitRegister;
  readonly coreOf: (provider: Provider) => BillerCore;
  /** Of all our processes: for sessions that need no row. */
  readonly sessionSecret: Buffer;
  /** Told of what is a fault of ours; never of what a caller sent. */
  readonly onFault: (error: unknown, at: { readonly provider: string; readonly op: string }) => void;
  readonly now?: () => InstantMs;
}

/**
 * Answers a company that calls us, in its own dialect: its row, its address, its profile, and for a payment the register
 * before anything else. Equal payments that arrive while the first is worked share its answer; a payment that has its
 * answer is answered with it, byte for byte.
 */
export class BillerDesk {
  private readonly running = new Map<string, Promise<WireAnswer>>();

  constructor(private readonly parts: Parts) {}

  /**
   * @throws {DomainError<PaymentsErrorCode>} provider-not-found: unknown, not active, or not one who calls us. Anything
   *   else is answered in the caller's dialect
   * @example const { httpStatus, contentType, body } = await desk.answer('demo-form', request);
   */
  async answer(code: string, request: DoorRequest): Promise<WireAnswer> {
    const provider = await this.parts.providers.byCode(code);
    const profile = provider?.active ? this.parts.profiles[provider.profile] : undefined;
    if (!provider || !profile) throw new DomainError<PaymentsErrorCode>('provider-not-found');
    if (!isAllowed(provider.allowedAddresses, request.address)) return profile.refuse('address-not-allowed');
    const { rawBody, address: _address, ...rest } = request;
    if (!rawBody) return profile.refuse('body-too-large');
    const known = profile.calls.some(({ method, path }) => method === rest.method && path === rest.path);
    if (!known) return profile.refuse('unknown-call');
    let op = 'read';
    try {
      const reading = await profile.read({ ...rest, rawBody }, provider, this.parts.sessionSecret);
      if ('refused' in reading) return reading.refused;
      const { call } = reading;
      op = call.op;
      // Who only tries is answered without the register: his ids are nobody's in earnest.
      if (call.op === 'commit' && provider.mode === 'live') return await this.commit(provider, profile, call);
      return profile.write(call, await this.resultOf(provider, call), provider);
    } catch (error) {
      if (error instanceof AnswerLost) return NO_ANSWER;
      this.parts.onFault(error, { provider: code, op });
      return profile.refuse('internal-error');
    }
  }

  private async commit(
    provider: Provider,
    profile: BillerProfile,
    call: ProfileCall & { readonly op: 'commit' },
  ): Promise<WireAnswer> {
    const { trxId, reference, amountPaisa, quoteId } = call.ask;
    const key = JSON.stringify([provider.code, provider.mode, trxId, reference, amountPaisa?.toString(), quoteId]);
    const running = this.running.get(key);
    if (running) return running;
    const answer = this.commitOnce(provider, profile, call).finally(() => this.running.delete(key));
    this.running.set(key, answer);
    return answer;
  }

  private async commitOnce(
    provider: Provider,
    profile: BillerProfile,
    call: ProfileCall & { readonly op: 'commit' },
  ): Promise<WireAnswer> {
    const { register } = this.parts;
    let accepted: Accepted;
    try {
      accepted = await register.accept(provider, call.ask);
    } catch (error) {
      // Nothing is known of it then, and nothing was done.
      const code = isDomainError(error) ? error.code : isConnectionLost(error) ? 'books-unreachable' : undefined;
      if (code === undefined) throw error;
      return profile.write(call, { kind: 'error', code }, provider);
    }
    if (accepted.answer) return accepted.answer;
    const { payment, ended } = await this.work(provider, profile, accepted);
    const answer = profile.write(call, { kind: 'payment', payment }, provider);
    if (!ended) return answer;
    const kept = await register
      .end(accepted.commit, payment, answer, profile.acknowledgedWithinMs)
      .catch((error: unknown) => {
        // The books have it: a repeat finds the same there.
        this.parts.onFault(error, { provider: provider.code, op: 'keep-answer' });
        return null;
      });
    return kept ?? answer;
  }

  /** From here on the payment is accepted: whatever happens, nobody is told that it was not. */
  private async work(
    provider: Provider,
    profile: BillerProfile,
    { ask, commit, mine }: Accepted,
  ): Promise<{ readonly payment: BillerPayment; readonly ended: boolean }> {
    try {
      const core = this.parts.coreOf(provider);
      const alone = mine || commit.state === 'REFUSED';
      const payment = alone ? await core.commit(provider, ask) : await core.status(provider, ask.trxId);
      // Somebody else's to end, unless the books say already how it ended.
      if (payment) return { payment, ended: mine || payment.state !== 'in-progress' };
    } catch (error) {
      this.parts.onFault(error, { provider: provider.code, op: 'commit' });
    }
    return { payment: inProgress(ask), ended: false };
  }

  private async resultOf(provider: Provider, call: ProfileCall): Promise<ProfileResult> {
    const core = this.parts.coreOf(provider);
    try {
      switch (call.op) {
        case 'quote':
          return { kind: 'quote', quote: await core.quote(provider, call.ask) };
        case 'commit': {
          const accepted = { ...call.ask, acceptedAt: this.now(), refusalCode: null };
          return { kind: 'payment', payment: await core.commit(provider, accepted) };
        }
        case 'status': {
          const payment = await core.status(provider, call.trxId);
          return payment ? { kind: 'payment', payment } : { kind: 'not-found' };
        }
        case 'reverse':
          return { kind: 'payment', payment: await core.reverse(provider, call.trxId, call.reason) };
        case 'acknowledge':
          return { kind: 'payment', payment: await core.acknowledge(provider, call.trxId) };
        case 'statement':
          return { kind: 'statement', ...(await core.statement(provider, call.day, call.after)) };
        case 'session':
          return {
            kind: 'session',
            balancePaisa: call.balance ? await this.floatOf(provider) : null,
            now: this.now(),
            secret: this.parts.sessionSecret,
          };
      }
    } catch (error) {
      if (!isDomainError(error)) throw error;
      return error.code === 'transaction-not-found' ? { kind: 'not-found' } : { kind: 'error', code: error.code };
    }
  }

  private now(): InstantMs {
    return (this.parts.now ?? Date.now)();
  }

  private async floatOf({ code, prepaid }: Provider): Promise<Paisa | null> {
    return prepaid ? (await balanceAt(this.parts.database, `float:${code}`)).balancePaisa : null;
  }
}

/** To a provider who tries what it does when our answer is lost. */
const NO_ANSWER: WireAnswer = { httpStatus: 500, contentType: 'text/plain; charset=utf-8', body: '' };

/** What is known of a payment that nobody has ended yet. */
function inProgress(ask: Accepted['ask']): BillerPayment {
  return {
    ...{ trxId: ask.trxId, state: 'in-progress', refusalCode: null, amountPaisa: ask.amountPaisa ?? 0n },
    ...{ customerName: null, customerNo: null, meterNo: null, receiptNo: null, tokens: [], lines: [] },
    ...{ energyWh: null, estimatedWh: null, bookedAt: ask.acceptedAt, acknowledgedAt: null },
  };
}

/** Nobody is allowed by an empty list. @example isAllowed(['10.20.0.0/16'], '10.20.3.4') // true */
export function isAllowed(rules: readonly string[], address: string): boolean {
  const caller = address.replace(/^::ffff:(?=\d+\.)/i, '');
  const family = isIP(caller);
  if (family === 0) return false;
  const list = new BlockList();
  for (const rule of rules) {
    const [net = '', prefix] = rule.split('/');
    const type = isIP(net) === 4 ? 'ipv4' : 'ipv6';
    if (prefix === undefined) list.addAddress(net, type);
    else list.addSubnet(net, Number(prefix), type);
  }
  return list.check(caller, family === 4 ? 'ipv4' : 'ipv6');
}
