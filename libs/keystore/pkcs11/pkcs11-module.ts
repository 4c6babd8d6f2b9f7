import type { InstantMs } from '@vend/kernel';
import type { DecoderKey } from '@vend/sts';
import { DomainError } from '@vend/kernel';
import { ErasingCache } from '../erasing-cache';
import type { SealedKeyFile } from '../key-file.format';
import { KeyGate } from '../key-state';
import type { KeystoreErrorCode } from '../keystore.errors';
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
} from '../security-module';
import {
  cacheName,
  decoderKeyOf,
  heldUnder,
  inOrder,
  inOurWords,
  makeCredit,
  makeKeyChange,
  makeManagement,
  meterAfter,
  nameOf,
  readToken,
  refusal,
} from '../token-making';
import type { ModuleOptions } from '../token-making';
import type { VendingKeyInfo } from '../vending-key';
import { Answer, loadTokenKey, Questioner } from './pkcs11-keys';
import type { TokenKey } from './pkcs11-keys';
import { unavailable } from './pkcs11-errors';
import type { Pkcs11Kek } from './pkcs11-kek';

interface HeldKey {
  readonly info: VendingKeyInfo;
  readonly gate: KeyGate;
  readonly key: TokenKey;
}

/** A token that was away is not asked again more often than this. */
const RETRY_AFTER_MS = 1_000;
const ATTEMPTS = 3;

/**
 * Opens the vending keys of a verified file inside the KEK's token.
 *
 * @throws {DomainError} `key-file-tampered`, `vending-key-invalid`, `pkcs11-unsuitable`, `module-unavailable`
 */
export async function openPkcs11Module(
  kek: Pkcs11Kek,
  file: SealedKeyFile,
  options: ModuleOptions,
): Promise<Pkcs11SecurityModule> {
  const module = new Pkcs11SecurityModule(kek, file, options);
  await module.load();
  return module;
}

/**
 * The security module over a PKCS#11 token. Vending keys are worked with inside the token; the decoder key of one
 * meter comes out of it, because no such token knows STA or MISTY1, and is kept in a bounded cache that erases.
 *
 * When the token goes away, what needs it is refused with `module-unavailable` and may be repeated; meters whose
 * decoder key is in the cache are served on. When the token is back, the module finds it by itself.
 */
export class Pkcs11SecurityModule implements SecurityModule {
  readonly kind = 'pkcs11';
  private held: ReadonlyMap<string, HeldKey> = new Map();
  private readonly cache: ErasingCache<DecoderKey>;
  private loadedInEpoch = 0;
  private reloading: Promise<void> | undefined;
  private triedAtMs = -Infinity;
  private closed = false;
  private readonly now: () => InstantMs;

  /** Use `openPkcs11Module`: a module without its keys loaded serves nobody. */
  constructor(
    private readonly kek: Pkcs11Kek,
    private readonly file: SealedKeyFile,
    private readonly options: ModuleOptions,
  ) {
    this.now = options.now ?? Date.now;
    this.cache = new ErasingCache(options.cacheSize, (key) => key.wipe());
  }

  /** Brings every vending key into the token. */
  async load(): Promise<void> {
    const held = new Map<string, HeldKey>();
    const epoch = this.kek.token.epoch;
    try {
      for (const sealed of this.file.keys) {
        const key = await loadTokenKey(this.kek, this.file, sealed);
        const { sgc, krn, kind, dkga, baseDate, ken, kcv, state, issuedUntil } = sealed;
        const info = { sgc, krn, kind, dkga, baseDate, ken, kcv, state, issuedUntil };
        held.set(nameOf(sgc, krn), { info, gate: new KeyGate(info, this.now), key });
      }
    } catch (error) {
      for (const { key } of held.values()) key.destroy();
      throw error;
    }
    this.held = held;
    this.loadedInEpoch = epoch;
  }

  async issueCredit(meter: MeterKey, request: CreditRequest): Promise<CreditToken> {
    return this.underKey(meter, true, (key, info) => makeCredit(key, info.kcv, request));
  }

  async issueManagement(meter: MeterKey, request: ManagementRequest): Promise<ManagementToken> {
    return this.underKey(meter, true, (key, info) => makeManagement(key, info.kcv, request));
  }

  async issueKeyChange(meter: MeterKey, request: KeyChangeRequest): Promise<KeyChangeSet> {
    const derived: DecoderKey[] = [];
    const derive = async (held: HeldKey, of: MeterKey) => {
      const decoderKey = await this.derive(held, of);
      derived.push(decoderKey);
      return { info: held.info, decoderKey };
    };
    try {
      const [from, to] = [this.heldKey(meter.sgc, meter.krn), this.heldKey(request.target.sgc, request.target.krn)];
      from.gate.refuseLeaving();
      to.gate.refuseArriving();
      const after = meterAfter(meter, request, to.info);
      return makeKeyChange(meter, await derive(from, meter), await derive(to, after), after, request);
    } catch (error) {
      throw inOurWords(error);
    } finally {
      for (const key of derived) key.wipe();
    }
  }

  async verify(meter: MeterKey, digits: string): Promise<TokenReading> {
    return this.underKey(meter, false, (key) => readToken(key, digits));
  }

  keys(): readonly VendingKeyInfo[] {
    return inOrder([...this.held.values()].map(({ info }) => info));
  }

  /** What is under way ends well or with `module-unavailable`. The KEK's token stays open: it is not ours. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.cache.clear();
    for (const { key } of this.held.values()) key.destroy();
  }

  /**
   * Does something with the meter's decoder key, at once: between the key and its use nothing is awaited, so that
   * nobody erases it meanwhile.
   */
  private async underKey<T>(
    meter: MeterKey,
    issuing: boolean,
    use: (key: DecoderKey, info: VendingKeyInfo) => T,
  ): Promise<T> {
    try {
      const held = this.heldKey(meter.sgc, meter.krn);
      if (issuing) held.gate.refuseTokens();
      const name = cacheName(meter);
      const cached = this.cache.get(name);
      if (cached) return use(cached, held.info);
      const decoderKey = await this.derive(held, meter);
      if (this.closed) {
        decoderKey.wipe();
        throw refusal('module-closed');
      }
      try {
        return use(decoderKey, held.info);
      } finally {
        this.cache.put(name, decoderKey);
      }
    } catch (error) {
      throw inOurWords(error);
    }
  }

  private heldKey(sgc: string, krn: number): HeldKey {
    if (this.closed) throw refusal('module-closed');
    return heldUnder(this.held, sgc, krn);
  }

  /** Learns what the derivation asks of the vending key, has the token answer it, and derives. */
  private async derive({ info }: HeldKey, meter: MeterKey): Promise<DecoderKey> {
    const { tables } = this.options;
    const questioner = new Questioner(info.dkga === 2 ? '02' : '04');
    decoderKeyOf(info, questioner, meter, tables).wipe();
    const words = await this.ask(nameOf(info.sgc, info.krn), questioner);
    try {
      return decoderKeyOf(info, new Answer(questioner.dkga, words), meter, tables);
    } finally {
      words.fill(0);
    }
  }

  /** Over a new connection when the old one is gone: the token may only have dropped it. */
  private async ask(name: string, { question }: Questioner): Promise<Uint32Array> {
    for (let attempt = 1; ; attempt += 1) {
      if (this.loadedInEpoch !== this.kek.token.epoch) await this.comeBack();
      const epoch = this.loadedInEpoch;
      try {
        return await this.held.get(name)!.key.answer(question!);
      } catch (error) {
        const refused = unavailable(error);
        if (!isUnavailable(refused) || attempt === ATTEMPTS) throw refused;
        // Another may have connected anew while this one was failing.
        if (this.loadedInEpoch === epoch) await this.comeBack(refused);
      }
    }
  }

  /** One connects anew for all who wait. */
  private async comeBack(because: Error = refusal('module-unavailable')): Promise<void> {
    this.reloading ??= this.reconnect(because).finally(() => (this.reloading = undefined));
    await this.reloading;
  }

  private async reconnect(because: Error): Promise<void> {
    if (this.closed) throw refusal('module-closed');
    const nowMs = this.now();
    const alreadyAnew = this.loadedInEpoch !== this.kek.token.epoch;
    if (!alreadyAnew) {
      // A clock that was set back must not keep the module away.
      if (Math.abs(nowMs - this.triedAtMs) < RETRY_AFTER_MS) throw because;
      this.triedAtMs = nowMs;
      try {
        this.kek.token.reconnect();
      } catch (error) {
        throw error instanceof DomainError ? refusal('module-unavailable') : unavailable(error);
      }
    }
    await this.load();
  }
}

function isUnavailable(error: unknown): error is DomainError {
  return error instanceof DomainError && error.code === ('module-unavailable' satisfies KeystoreErrorCode);
}
