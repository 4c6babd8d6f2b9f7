import { DomainError } from '@vend/kernel';
import { deriveDecoderKey, encodeCredit, refusalCode, VendingKey, verifyToken } from '@vend/sts';
import type { DecoderKey, StaTables, StsErrorCode } from '@vend/sts';
import { ErasingCache } from './erasing-cache';
import type { TokenRefusalCode } from './keystore.errors';
import type { CreditRequest, CreditToken, MeterKey, SecurityModule, TokenReading } from './security-module';
import type { OpenVendingKey, VendingKeyInfo } from './vending-key';

export interface SoftwareModuleOptions {
  /** Substitution tables for EA07. */
  readonly tables: StaTables;
  /** Decoder keys kept ready; the least recently used is erased beyond it. */
  readonly cacheSize: number;
}

interface HeldKey {
  readonly info: VendingKeyInfo;
  readonly key: VendingKey;
}

/** Which key type each kind of vending key makes (STS.md §7): anything else is no key of this group. */
const KEY_TYPE_OF = { VDDK: 1, VUDK: 2, VCDK: 3 } as const;

/** The library's refusals in this room's words; what is not listed cannot happen here and is thrown as it is. */
const REFUSALS: Partial<Record<StsErrorCode, TokenRefusalCode>> = {
  'bad-pan': 'meter-identity-invalid',
  'pan-check-digit': 'meter-identity-invalid',
  'drn-check-digit': 'meter-identity-invalid',
  'bad-ea': 'meter-identity-invalid',
  'unsupported-ea': 'meter-identity-invalid',
  'bad-kt': 'meter-identity-invalid',
  'bad-sgc': 'meter-identity-invalid',
  'bad-ti': 'meter-identity-invalid',
  'bad-krn': 'meter-identity-invalid',
  'bad-ken': 'meter-identity-invalid',
  'bad-base-date': 'meter-identity-invalid',
  'ea-dkga-mismatch': 'ea-dkga-mismatch',
  'unsupported-common-key': 'key-type-refused',
  'dkga01-meter': 'key-type-refused',
  'credit-under-ddtk': 'key-type-refused',
  'key-expired': 'key-expired',
  'bad-subclass': 'subclass-unsupported',
  'bad-tid': 'tid-out-of-range',
  'tid-reserved': 'tid-reserved',
  'bad-rnd': 'rnd-out-of-range',
  'bad-amount': 'amount-out-of-range',
  'negative-amount': 'amount-out-of-range',
  'amount-too-large': 'amount-out-of-range',
  'bad-digits': 'token-malformed',
  'token-too-large': 'token-malformed',
  'class-reserved': 'token-not-authentic',
  crc: 'token-not-authentic',
  'unknown-subclass': 'token-not-authentic',
  'bad-field': 'token-not-authentic',
  'key-destroyed': 'module-closed',
};

/**
 * The security module in plain memory: for development and pilots. Vending keys leave their buffers for the
 * library's key objects and the buffers are zeroed; derived decoder keys are kept in a bounded cache and
 * erased as they leave it. JavaScript cannot promise that no copy was made in between (libs/sts/README.md).
 *
 * @example const module = new SoftwareSecurityModule(openKeyFile(path, 'fd:3'), { tables, cacheSize: 50_000 });
 */
export class SoftwareSecurityModule implements SecurityModule {
  readonly kind = 'software';
  private readonly held = new Map<string, HeldKey>();
  private readonly cache: ErasingCache<DecoderKey>;
  private readonly tables: StaTables;
  private closed = false;

  /** @param keys taken over: their values are zeroed */
  constructor(keys: readonly OpenVendingKey[], options: SoftwareModuleOptions) {
    this.tables = options.tables;
    this.cache = new ErasingCache(options.cacheSize, (key) => key.wipe());
    for (const { value, ...info } of keys) {
      this.held.set(nameOf(info.sgc, info.krn), { info, key: new VendingKey(value) });
      value.fill(0);
    }
  }

  async issueCredit(meter: MeterKey, request: CreditRequest): Promise<CreditToken> {
    try {
      const { info, decoderKey } = this.keyOf(meter);
      // The library also makes negative currency tokens, which take credit away: not for sale here.
      if (request.amountUnits <= 0n) throw refusal('amount-out-of-range');
      if (request.subclass !== 0 && request.subclass !== 4) throw refusal('subclass-unsupported');
      const { digits, creditedUnits } = encodeCredit(decoderKey, {
        subclass: request.subclass,
        tid: request.tid,
        rnd: request.rnd,
        units: request.amountUnits,
      });
      return { digits, creditedUnits, kcv: info.kcv };
    } catch (error) {
      throw inOurWords(error);
    }
  }

  async verify(meter: MeterKey, digits: string): Promise<TokenReading> {
    try {
      const token = verifyToken(digits, this.keyOf(meter).decoderKey);
      return {
        tokenClass: token.tokenClass,
        subclass: token.subclass,
        tid: 'tid' in token ? token.tid : 0,
        amountUnits: token.kind === 'credit' ? token.units : 0n,
      };
    } catch (error) {
      throw inOurWords(error);
    }
  }

  keys(): readonly VendingKeyInfo[] {
    return [...this.held.values()]
      .map(({ info }) => info)
      .sort((a, b) => (nameOf(a.sgc, a.krn) < nameOf(b.sgc, b.krn) ? -1 : 1));
  }

  close(): void {
    this.closed = true;
    this.cache.clear();
    for (const { key } of this.held.values()) key.wipe();
  }

  /** The meter's decoder key, from the cache or derived; all that could make it the wrong one is refused. */
  private keyOf(meter: MeterKey): { info: VendingKeyInfo; decoderKey: DecoderKey } {
    if (this.closed) throw refusal('module-closed');
    const held = this.held.get(nameOf(meter.sgc, meter.krn));
    if (!held)
      throw /^\d{6}$/.test(meter.sgc) ? refusal('unknown-vending-key') : refusal('meter-identity-invalid', 'sgc');
    const { pan, ea, ti, kt, ken, baseDate } = meter;
    const name = `${pan}/${meter.sgc}/${meter.krn}/${ti}/${kt}/${ea}/${ken}/${baseDate}`;
    const cached = this.cache.get(name);
    if (cached) return { info: held.info, decoderKey: cached };
    const decoderKey = this.derive(held, meter);
    this.cache.put(name, decoderKey);
    return { info: held.info, decoderKey };
  }

  private derive({ info, key }: HeldKey, meter: MeterKey): DecoderKey {
    if (!/^\d{2}$/.test(meter.ti)) throw refusal('meter-identity-invalid', 'ti');
    if (!Number.isInteger(meter.ken) || meter.ken < 0 || meter.ken > 255)
      throw refusal('meter-identity-invalid', 'ken');
    if (meter.baseDate !== info.baseDate) throw refusal('base-date-mismatch');
    if (meter.kt !== KEY_TYPE_OF[info.kind]) throw refusal('key-type-refused');
    return deriveDecoderKey({
      dkga: info.dkga === 2 ? '02' : '04',
      vendingKey: key,
      pan: meter.pan,
      ea: meter.ea,
      kt: meter.kt,
      sgc: meter.sgc,
      ti: Number(meter.ti),
      krn: meter.krn,
      // Whichever of meter and vending key expires first; 255, never, is also the highest.
      ken: Math.min(meter.ken, info.ken),
      baseDate: meter.baseDate,
      tables: this.tables,
    });
  }
}

function nameOf(sgc: string, krn: number): string {
  return `${sgc}/${krn}`;
}

function refusal(code: TokenRefusalCode, field?: string): DomainError<TokenRefusalCode> {
  return new DomainError(code, field === undefined ? {} : { field });
}

function inOurWords(error: unknown): unknown {
  const theirs = refusalCode(error);
  const ours = theirs && REFUSALS[theirs];
  return ours ? refusal(ours) : error;
}
