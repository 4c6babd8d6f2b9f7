import type { InstantMs } from '@vend/kernel';
import type { StaTables } from '@vend/sts';
import { admitGeneration } from './generation-record';
import { takeHandover } from './kek-handover';
import type { KeyEncryptionKey } from './key-encryption-key';
import { openVendingKeys, readKeyFile, verifyKeyFile } from './key-file';
import { renderKeyFile } from './key-file.format';
import type { SealedKeyFile } from './key-file.format';
import { openKek } from './kek-access';
import type { KekAccess } from './kek-access';
import { openPkcs11Module } from './pkcs11/pkcs11-module';
import { Pkcs11Kek } from './pkcs11/pkcs11-kek';
import { RenewableModule } from './renewable-module';
import type { SecurityModule } from './security-module';
import { openServiceKeys } from './service-keys';
import type { ServiceKeys } from './service-keys';
import type { SoftwareKek } from './software-kek';
import { SoftwareSecurityModule } from './software-module';

/** Where the keys are, and what else a security module needs. */
export interface KeystoreConfig {
  /** Path of the sealed key file. */
  readonly keyFile: string;
  readonly kek: KekAccess;
  /** Path of the record of the highest generation used: on another disk or at least in another directory. */
  readonly seenFile: string;
  /** Substitution tables for EA07. */
  readonly tables: StaTables;
  /** Decoder keys kept ready. */
  readonly cacheSize: number;
  /** `Date.now` when left out. */
  readonly now?: () => InstantMs;
}

/** What a reload found. */
export interface KeystoreReload {
  readonly generation: number;
  /** False when the file is still the one in use. */
  readonly changed: boolean;
}

/** The keys of a running token server. */
export interface Keystore {
  /** Stays the same object over every reload. */
  readonly module: SecurityModule;
  /** Unchanged by reloads and by a rotation of the KEK. */
  readonly serviceKeys: ServiceKeys;
  /** Generation of the key file in use. */
  readonly generation: number;
  /**
   * Reads the key file again, after a key ceremony. Tokens go on being made meanwhile, under the old keys until the
   * new ones are complete. On an error the old keys stay in use.
   *
   * @throws {DomainError} a KeyOpeningErrorCode
   */
  reload(): Promise<KeystoreReload>;
  /** Fills every key with zeros. */
  close(): void;
}

/**
 * Opens the key file: KEK, seal, pedigree, vending keys, service keys; or refuses by name and leaves nothing open.
 *
 * @throws {DomainError} a KeyOpeningErrorCode
 * @example
 * const keystore = await openKeystore({ ...keystoreAccessOf(settings), tables, cacheSize: 50_000 });
 * process.on('SIGHUP', () => void keystore.reload());
 */
export async function openKeystore(config: KeystoreConfig): Promise<Keystore> {
  const file = readKeyFile(config.keyFile);
  const kek = await openKek(config.kek, file.kek);
  try {
    const { module, serviceKeys } = await openGeneration(config, kek, file);
    return new OpenKeystore(config, kek, file, new RenewableModule(module), serviceKeys);
  } catch (error) {
    kek.close();
    throw error;
  }
}

class OpenKeystore implements Keystore {
  private reloading: Promise<unknown> = Promise.resolve();
  private closed = false;

  constructor(
    private readonly config: KeystoreConfig,
    private kek: KeyEncryptionKey,
    private file: SealedKeyFile,
    readonly module: RenewableModule,
    readonly serviceKeys: ServiceKeys,
  ) {}

  get generation(): number {
    return this.file.generation;
  }

  /** One at a time: a second signal waits for the first to have been obeyed. */
  reload(): Promise<KeystoreReload> {
    const next = this.reloading.then(() => this.reloadOnce());
    this.reloading = next.catch(() => undefined);
    return next;
  }

  private async reloadOnce(): Promise<KeystoreReload> {
    const file = readKeyFile(this.config.keyFile);
    if (renderKeyFile(file) === renderKeyFile(this.file)) return { generation: file.generation, changed: false };
    const kek = await this.kekFor(file);
    try {
      const { module, serviceKeys } = await openGeneration(this.config, kek, file);
      for (const secret of [serviceKeys.resultsKey, serviceKeys.generationKey]) secret.fill(0);
      if (this.closed) module.close();
      else this.module.renew(module);
    } catch (error) {
      if (kek !== this.kek) kek.close();
      throw error;
    }
    if (kek !== this.kek) (this.closed ? kek : this.kek).close();
    this.kek = kek;
    this.file = file;
    return { generation: file.generation, changed: true };
  }

  /** The KEK in use, or the one that the file has moved to. */
  private async kekFor(file: SealedKeyFile): Promise<KeyEncryptionKey> {
    if (file.kek === this.kek.id) return this.kek;
    if (this.kek instanceof Pkcs11Kek) return this.kek.sibling(file.kek);
    return takeHandover(this.config.keyFile, this.kek, file);
  }

  close(): void {
    this.closed = true;
    this.module.close();
    this.kek.close();
  }
}

async function openGeneration(
  config: KeystoreConfig,
  kek: KeyEncryptionKey,
  file: SealedKeyFile,
): Promise<{ module: SecurityModule; serviceKeys: ServiceKeys }> {
  await verifyKeyFile(kek, file);
  const serviceKeys = await openServiceKeys(kek, file);
  const module = await openModule(config, kek, file);
  try {
    // Last: a generation that cannot be opened must not count as used.
    admitGeneration(config.seenFile, serviceKeys.generationKey, file);
    return { module, serviceKeys };
  } catch (error) {
    module.close();
    throw error;
  }
}

async function openModule(
  { tables, cacheSize, now }: KeystoreConfig,
  kek: KeyEncryptionKey,
  file: SealedKeyFile,
): Promise<SecurityModule> {
  if (kek instanceof Pkcs11Kek) return openPkcs11Module(kek, file, { tables, cacheSize, now });
  // KekAccess knows two kinds.
  const keys = await openVendingKeys(kek as SoftwareKek, file);
  return new SoftwareSecurityModule(keys, { tables, cacheSize, now });
}
