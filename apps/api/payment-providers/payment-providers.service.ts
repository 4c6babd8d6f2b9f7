import { createHmac } from 'node:crypto';
import { Approvals, recordAudit, useApproval, type SessionUser } from '@vend/identity';
import { DomainError, parseTaka, type Id } from '@vend/kernel';
import type { AccountOf } from '@vend/ledger';
import {
  assertProviderDraft,
  listProviders,
  saveProvider,
  type ProviderDraft,
  type ProviderRecord,
} from '@vend/payments';
import type { Database } from '@vend/platform';
import { FieldsInvalid } from '../http/field.pipe';
import { providerContract } from './contracts';
import { paymentProviderView, type PaymentProviderDto, type PaymentProviderRequest } from './payment-provider.dto';

/** What one person may change alone: a name, and to close the door. */
const ALONE: readonly string[] = ['name', 'lowFloatPaisa'];

/** Companies that take customers' money, for people: how they are set, and how that is changed, by two of them. */
export class PaymentProvidersService {
  constructor(
    private readonly database: Database,
    private readonly approvals: Approvals,
    private readonly sealingSecret: Buffer,
  ) {}

  async list(): Promise<PaymentProviderDto[]> {
    return (await listProviders(this.database)).map(paymentProviderView);
  }

  /** @throws {DomainError} provider-not-found */
  async show(code: string): Promise<PaymentProviderDto> {
    return paymentProviderView(await this.find(code));
  }

  /** Waits for a second person where money could go astray; then saves. A repeat answers how it is now. */
  async change(
    user: SessionUser,
    key: Id,
    code: string,
    request: PaymentProviderRequest,
  ): Promise<{ pending: Id } | { done: PaymentProviderDto }> {
    const draft = draftOf(code, request);
    assertProviderDraft(draft, providerContract(draft.profile));
    const { version, reason } = request;
    const known = (await listProviders(this.database)).find((each) => each.code === code);
    if (known?.version === version + 1 && draft.credentials === null && changes(known, draft).length === 0) {
      return { done: paymentProviderView(known) };
    }
    const subject = `payment-provider:${code}`;
    const alone = known !== undefined && draft.credentials === null && isHarmless(known, draft);
    const gate = alone
      ? undefined
      : await this.approvals.gate({
          ...{ kind: 'payment-provider', key, subject, reason, by: user },
          content: { ...contentOf(draft, version), credentials: this.fingerprint(code, request.credentials) },
        });
    if (gate?.state === 'pending') return { pending: gate.approvalId };
    const by = `user:${user.username}`;
    const now = Date.now();
    await this.database
      .transaction(async (tx) => {
        if (gate) await useApproval(tx, gate.approvalId, subject, now);
        await saveProvider(tx, this.sealingSecret, draft, { version, by, now });
        await recordAudit(tx, {
          ...{ actor: by, action: 'payment-provider-changed', subject, at: now },
          detail: {
            ...{ version: version + 1, active: draft.active, mode: draft.mode },
            changed: known ? changes(known, draft).join(',') : 'new',
            credentialsChanged: draft.credentials !== null,
            approvalId: gate?.approvalId ?? null,
          },
        });
      })
      .catch((error: unknown) => {
        // A repeat of what is done: the answer is how it is now.
        if (!(error instanceof DomainError && error.code === 'approval-used')) throw error;
      });
    return { done: await this.show(code) };
  }

  private async find(code: string): Promise<ProviderRecord> {
    const found = (await listProviders(this.database)).find((each) => each.code === code);
    if (!found) throw new DomainError('provider-not-found');
    return found;
  }

  /** Tells the second person and a repeat whether they are the same credentials, and nobody what they are. */
  private fingerprint(code: string, credentials: string | undefined): string | null {
    if (credentials === undefined) return null;
    const text = `payment-provider:${code}:${credentials}`;
    return createHmac('sha256', this.sealingSecret).update(text).digest('hex').slice(0, 16);
  }
}

type Terms = Omit<ProviderDraft, 'credentials'>;

function draftOf(code: string, request: PaymentProviderRequest): ProviderDraft {
  const { name, profile, mode, active, prepaid, commissionBasisPoints, allowedAddresses } = request;
  const { minimum, maximum, lowFloat, settlementBank, vatBank } = request;
  return {
    ...{ code, name, profile, mode, active, prepaid, commissionBasisPoints },
    credentials: request.credentials === undefined ? null : wordsOf('credentials', request.credentials),
    settings: wordsOf('settings', request.settings),
    allowedAddresses: allowedAddresses?.split(',') ?? [],
    minimumPaisa: minimum === undefined ? null : parseTaka(minimum),
    maximumPaisa: maximum === undefined ? null : parseTaka(maximum),
    lowFloatPaisa: lowFloat === undefined ? null : parseTaka(lowFloat),
    settlementBank: settlementBank as AccountOf<'bank'>,
    vatBank: (vatBank as AccountOf<'bank'> | undefined) ?? null,
  };
}

/** @throws {FieldsInvalid} when it is not an object of texts */
function wordsOf(field: string, json: string): Record<string, string> {
  try {
    const parsed = JSON.parse(json) as Record<string, unknown>;
    if (Object.values(parsed).every((value) => typeof value === 'string')) return parsed as Record<string, string>;
  } catch {
    // The same as any other fault of it.
  }
  throw new FieldsInvalid([{ field, code: 'field-malformed' }]);
}

/** What a second person reads. */
function contentOf(draft: Terms, version: number) {
  const { name, profile, mode, active, prepaid, commissionBasisPoints, settlementBank, vatBank } = draft;
  return {
    ...{ name, profile, mode, active, prepaid, commissionBasisPoints, settlementBank, vatBank, version },
    settings: JSON.stringify(draft.settings),
    allowedAddresses: draft.allowedAddresses.join(','),
    minimumPaisa: draft.minimumPaisa?.toString() ?? null,
    maximumPaisa: draft.maximumPaisa?.toString() ?? null,
    lowFloatPaisa: draft.lowFloatPaisa?.toString() ?? null,
  };
}

/** The names of what would be another than it is. */
function changes(known: Terms, draft: Terms): string[] {
  const [before, after] = [contentOf(known, 0), contentOf(draft, 0)] as Record<string, unknown>[];
  return Object.keys(after!).filter((name) => before![name] !== after![name]);
}

function isHarmless(known: Terms, draft: Terms): boolean {
  return changes(known, draft).every((name) => ALONE.includes(name) || (name === 'active' && !draft.active));
}
