import { VendingKey } from '@vend/sts';
import type { DecoderKey, StaTables } from '@vend/sts';
import { ErasingCache } from './erasing-cache';
import { KeyGate } from './key-state';
import type {
  CreditRequest,
  CreditToken,
  KeyChangeRequest,
  KeyChangeSet,
  ManagementRequest,
  ManagementToken,
  MeterKey,
  SecurityModule,
  TokenReading,
} from './security-module';
import {
  cacheName,
  decoderKeyOf,
  heldUnder,
  inOurWords,
  inOrder,
  makeCredit,
  makeKeyChange,
  makeManagement,
  meterAfter,
  nameOf,
  readToken,
  refusal,
} from './token-making';
import type { KeyOfMeter, ModuleOptions } from './token-making';
import type { OpenVendingKey, VendingKeyInfo } from './vending-key';

interface HeldKey {
  readonly info: VendingKeyInfo;
  readonly gate: KeyGate;
  readonly key: VendingKey;
}

/**
 * The security module in plain memory: for development and pilots. Vending keys leave their buffers for the
 * library's key objects and the buffers are zeroed; derived decoder keys are kept in a bounded cache and
 * erased as they leave it. JavaScript cannot promise that no copy was made in between (libs/sts/README.md).
 *
 * @example const module = new SoftwareSecurityModule(await openVendingKeys(kek, file), { tables, cacheSize: 50_000 });
 */
export class SoftwareSecurityModule implements SecurityModule {
  readonly kind = 'software';
  private readonly held = new Map<string, HeldKey>();
  private readonly cache: ErasingCache<DecoderKey>;
  private readonly tables: StaTables;
  private closed = false;

  /** @param keys taken over: their values are zeroed */
  constructor(keys: readonly OpenVendingKey[], options: ModuleOptions) {
    this.tables = options.tables;
    this.cache = new ErasingCache(options.cacheSize, (key) => key.wipe());
    for (const { value, ...info } of keys) {
      const gate = new KeyGate(info, options.now ?? Date.now);
      this.held.set(nameOf(info.sgc, info.krn), { info, gate, key: new VendingKey(value) });
      value.fill(0);
    }
  }

  async issueCredit(meter: MeterKey, request: CreditRequest): Promise<CreditToken> {
    try {
      const { info, decoderKey } = this.issuingKeyOf(meter);
      return makeCredit(decoderKey, info.kcv, request);
    } catch (error) {
      throw inOurWords(error);
    }
  }

  async issueManagement(meter: MeterKey, request: ManagementRequest): Promise<ManagementToken> {
    try {
      const { info, decoderKey } = this.issuingKeyOf(meter);
      return makeManagement(decoderKey, info.kcv, request);
    } catch (error) {
      throw inOurWords(error);
    }
  }

  /**
   * Key changes come by the hundred thousand and their keys are not asked for again soon: what is derived here
   * does not push the keys of paying customers out of the cache, and is wiped at once.
   */
  async issueKeyChange(meter: MeterKey, request: KeyChangeRequest): Promise<KeyChangeSet> {
    const derived: DecoderKey[] = [];
    const keyOnce = (of: MeterKey): KeyOfMeter => {
      const held = this.heldKey(of.sgc, of.krn);
      const cached = this.cache.get(cacheName(of));
      const decoderKey = cached ?? this.derive(held, of);
      if (!cached) derived.push(decoderKey);
      return { info: held.info, decoderKey };
    };
    try {
      const to = this.heldKey(request.target.sgc, request.target.krn);
      this.heldKey(meter.sgc, meter.krn).gate.refuseLeaving();
      to.gate.refuseArriving();
      const after = meterAfter(meter, request, to.info);
      return makeKeyChange(meter, keyOnce(meter), keyOnce(after), after, request);
    } catch (error) {
      throw inOurWords(error);
    } finally {
      for (const key of derived) key.wipe();
    }
  }

  async verify(meter: MeterKey, digits: string): Promise<TokenReading> {
    try {
      return readToken(this.keyOf(meter).decoderKey, digits);
    } catch (error) {
      throw inOurWords(error);
    }
  }

  keys(): readonly VendingKeyInfo[] {
    return inOrder([...this.held.values()].map(({ info }) => info));
  }

  close(): void {
    this.closed = true;
    this.cache.clear();
    for (const { key } of this.held.values()) key.wipe();
  }

  private heldKey(sgc: string, krn: number): HeldKey {
    if (this.closed) throw refusal('module-closed');
    return heldUnder(this.held, sgc, krn);
  }

  /** As `keyOf`, for tokens that only a key in force may make. */
  private issuingKeyOf(meter: MeterKey): KeyOfMeter {
    this.heldKey(meter.sgc, meter.krn).gate.refuseTokens();
    return this.keyOf(meter);
  }

  /** The meter's decoder key, from the cache or derived; all that could make it the wrong one is refused. */
  private keyOf(meter: MeterKey): KeyOfMeter {
    const held = this.heldKey(meter.sgc, meter.krn);
    const name = cacheName(meter);
    const cached = this.cache.get(name);
    if (cached) return { info: held.info, decoderKey: cached };
    const decoderKey = this.derive(held, meter);
    this.cache.put(name, decoderKey);
    return { info: held.info, decoderKey };
  }

  private derive({ info, key }: HeldKey, meter: MeterKey): DecoderKey {
    return decoderKeyOf(info, key, meter, this.tables);
  }
}
