import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { z } from 'zod';

/**
 * A pack as a file: what a counter needs in an outage, sealed under a passphrase that travels another way. The format is
 * documented in docs/PACKS.md; the header is readable, and bound to the content (AES-256-GCM, additional data).
 */
const HEADER = z.object({
  format: z.literal('vend-offline-pack-1'),
  packId: z.uuid(),
  station: z.string().max(32),
  preparedAt: z.string(),
  kdf: z.object({
    name: z.literal('scrypt'),
    salt: z.base64(),
    // Bounds: a file must not make a counter's machine work for hours, nor say that little is enough.
    N: z.number().int().min(32_768).max(1_048_576),
    r: z.literal(8),
    p: z.literal(1),
  }),
  nonce: z.base64(),
});
const FILE = HEADER.extend({ tag: z.base64(), sealed: z.base64() });

const ITEM = z.object({
  itemId: z.uuid(),
  meterNo: z.string().regex(/^\d{18}$/),
  customerNo: z.string(),
  /** The items of a meter are handed out in this order. */
  place: z.number().int().positive(),
  /** Taka, decimal strings. */
  amount: z.string(),
  vat: z.string(),
  rebate: z.string(),
  energyMoney: z.string(),
  carried: z.string(),
  /** What the token credits, in words: `861.41 Tk`, `145.1 kWh`. */
  credits: z.string(),
  digits: z.string().regex(/^\d{20}$/),
});

export type PackFileItem = z.infer<typeof ITEM>;
export type PackFileHeader = Pick<z.infer<typeof HEADER>, 'packId' | 'station' | 'preparedAt'>;

/** About 64 MB and a fifth of a second: dear for whoever guesses, cheap for who knows. */
const COST = 65_536;
export const PASSPHRASE_MIN = 12;

/** The file is no pack, was changed, or the passphrase is another. Which of these cannot be told. */
export class PackFileUnreadable extends Error {
  override readonly name = 'PackFileUnreadable';
}

/**
 * Seals a pack. Every call gives another file: salt and nonce are new.
 *
 * @throws {RangeError} a passphrase of fewer than twelve characters
 * @example await sealPackFile({ packId, station, preparedAt }, items, 'river mango seven lamp')
 */
export async function sealPackFile(
  pack: PackFileHeader,
  items: readonly PackFileItem[],
  passphrase: string,
): Promise<string> {
  if (passphrase.length < PASSPHRASE_MIN) throw new RangeError('the passphrase is too short');
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const header = {
    format: 'vend-offline-pack-1' as const,
    ...{ packId: pack.packId, station: pack.station, preparedAt: pack.preparedAt },
    kdf: { name: 'scrypt' as const, salt: salt.toString('base64'), N: COST, r: 8 as const, p: 1 as const },
    nonce: nonce.toString('base64'),
  };
  const key = await keyOf(passphrase, salt, COST);
  try {
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(boundTo(header));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(items), 'utf8'), cipher.final()]);
    const tag = cipher.getAuthTag().toString('base64');
    return JSON.stringify({ ...header, tag, sealed: sealed.toString('base64') });
  } finally {
    key.fill(0);
  }
}

/**
 * Opens a pack.
 *
 * @throws {PackFileUnreadable} no pack, a changed file, or another passphrase
 * @example (await openPackFile(readFileSync(path, 'utf8'), passphrase)).items[0]
 */
export async function openPackFile(
  text: string,
  passphrase: string,
): Promise<PackFileHeader & { items: readonly PackFileItem[] }> {
  let file: z.infer<typeof FILE>;
  try {
    file = FILE.parse(JSON.parse(text));
  } catch (error) {
    throw new PackFileUnreadable('this is not an offline pack', { cause: error });
  }
  const key = await keyOf(passphrase, Buffer.from(file.kdf.salt, 'base64'), file.kdf.N);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(file.nonce, 'base64'), { authTagLength: 16 })
      .setAAD(boundTo(file))
      .setAuthTag(Buffer.from(file.tag, 'base64'));
    const plain = Buffer.concat([decipher.update(Buffer.from(file.sealed, 'base64')), decipher.final()]);
    const { packId, station, preparedAt } = file;
    return { packId, station, preparedAt, items: z.array(ITEM).parse(JSON.parse(plain.toString('utf8'))) };
  } catch (error) {
    throw new PackFileUnreadable('the passphrase is another, or the file was changed', { cause: error });
  } finally {
    key.fill(0);
  }
}

/** Away from the event loop: a server that seals a pack goes on selling. */
function keyOf(passphrase: string, salt: Buffer, N: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // NFC: the same letters typed on two keyboards are the same passphrase.
    scrypt(passphrase.normalize('NFC'), salt, 32, { N, r: 8, p: 1, maxmem: 256 * N * 8 }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

/** The header in one order of its fields: what the seal covers besides the content. */
function boundTo({ format, packId, station, preparedAt, kdf, nonce }: z.infer<typeof HEADER>): Buffer {
  return Buffer.from(JSON.stringify([format, packId, station, preparedAt, kdf.salt, kdf.N, kdf.r, kdf.p, nonce]));
}
