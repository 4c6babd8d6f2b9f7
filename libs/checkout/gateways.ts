import { DomainError } from '@vend/kernel';
import { CHECKOUT_PROFILES, NOTICE_PROFILES, type Provider } from '@vend/payments';
import type { CheckoutErrorCode } from './checkout.errors';
import { CHECKOUT_CONTRACTS, NOTICE_CONTRACTS } from './contracts';
import type { CheckoutGateway, NoticeListener, NoticeRooms } from './gateway';

/** Where the rows are found: the registry of `libs/payments`. */
export interface ProviderRows {
  byCode(code: string): Promise<Provider | undefined>;
  all(): Promise<readonly Provider[]>;
}

/** A provider's row, and what was made for it. */
export type Counterpart =
  | { readonly kind: 'gateway'; readonly provider: Provider; readonly gateway: CheckoutGateway }
  | { readonly kind: 'listener'; readonly provider: Provider; readonly listener: NoticeListener };

interface Open {
  readonly row: string;
  readonly counterpart: Counterpart;
}

/** The gateways of a process, one for each row, made on first use; a changed row is seen as soon as the registry has it. */
export class Gateways {
  private readonly made = new Map<string, Open>();

  constructor(
    private readonly providers: ProviderRows,
    private readonly rooms: NoticeRooms,
  ) {}

  /** Those that a payer may choose at present. */
  async offered(): Promise<readonly Provider[]> {
    return (await this.providers.all()).filter(isOffered);
  }

  /**
   * The counterpart of a code; undefined when there is none. An inactive one is still spoken to: it begins no payment,
   * and those that it has begun go on.
   *
   * @throws {DomainError} provider-misconfigured
   */
  async of(code: string): Promise<Counterpart | undefined> {
    const provider = await this.providers.byCode(code);
    if (!provider || !isOurs(provider)) return undefined;
    const row = JSON.stringify(provider, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
    const present = this.made.get(code);
    if (present?.row === row) return present.counterpart;
    const counterpart = this.open(provider);
    this.made.set(code, { row, counterpart });
    if (present) void closeOf(present.counterpart);
    return counterpart;
  }

  /** The gateway of a code. @throws {DomainError<CheckoutErrorCode>} gateway-not-offered */
  async gateway(code: string): Promise<CheckoutGateway> {
    const counterpart = await this.of(code);
    if (counterpart?.kind !== 'gateway') throw new DomainError<CheckoutErrorCode>('gateway-not-offered');
    return counterpart.gateway;
  }

  async close(): Promise<void> {
    await Promise.all([...this.made.values()].map(({ counterpart }) => closeOf(counterpart)));
    this.made.clear();
  }

  private open(provider: Provider): Counterpart {
    const { profile } = provider;
    if (isOneOf(NOTICE_PROFILES, profile)) {
      return { kind: 'listener', provider, listener: contract(NOTICE_CONTRACTS[profile]).open(provider, this.rooms) };
    }
    if (!isOneOf(CHECKOUT_PROFILES, profile)) throw new Error('not a profile of the checkout');
    return { kind: 'gateway', provider, gateway: contract(CHECKOUT_CONTRACTS[profile]).open(provider, this.rooms) };
  }
}

/** True for a row that a payer may choose. */
export function isOffered({ active, mode, profile }: Provider): boolean {
  return active && mode === 'live' && isOneOf(CHECKOUT_PROFILES, profile);
}

function isOurs({ profile, mode }: Provider): boolean {
  return mode === 'live' && (isOneOf(CHECKOUT_PROFILES, profile) || isOneOf(NOTICE_PROFILES, profile));
}

function isOneOf<Name extends string>(names: readonly Name[], name: string): name is Name {
  return (names as readonly string[]).includes(name);
}

function contract<C>(found: C | undefined): C {
  if (!found) throw new DomainError<CheckoutErrorCode>('gateway-not-offered');
  return found;
}

function closeOf(counterpart: Counterpart): Promise<void> {
  return counterpart.kind === 'gateway' ? counterpart.gateway.close() : counterpart.listener.close();
}
