import { constants, createPublicKey, createSign, createVerify, privateDecrypt, publicEncrypt } from 'node:crypto';
import type { PlayedProvider } from '../providers/providers-file';

/** Nagad's side of the letters: its own private key, and the merchant's public one. */
export class NagadSeal {
  constructor(private readonly provider: PlayedProvider) {}

  /** @returns undefined for what was not sealed for Nagad or not signed by the merchant */
  open(body: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> | undefined {
    const { sensitiveData, signature } = body;
    if (typeof sensitiveData !== 'string' || typeof signature !== 'string') return undefined;
    try {
      const plain = unpadded(this.provider.outside['nagadPrivateKey']!, sensitiveData);
      const merchant = this.provider.outside['merchantPublicKey']!;
      const isTheirs = createVerify(this.hash()).update(plain).verify(merchant, signature, 'base64');
      return isTheirs ? (JSON.parse(plain.toString('utf8')) as Record<string, string>) : undefined;
    } catch {
      return undefined;
    }
  }

  seal(said: object): { sensitiveData: string; signature: string } {
    const bytes = Buffer.from(JSON.stringify(said), 'utf8');
    const reader = createPublicKey(this.provider.outside['merchantPublicKey']!);
    const sealed = publicEncrypt({ key: reader, padding: constants.RSA_PKCS1_PADDING }, bytes);
    const signature = createSign(this.hash()).update(bytes).sign(this.provider.outside['nagadPrivateKey']!, 'base64');
    return { sensitiveData: sealed.toString('base64'), signature };
  }

  private hash(): string {
    return `RSA-${this.provider.settings['signatureHash'] ?? 'SHA256'}`;
  }
}

/** Node refuses to open PKCS#1 v1.5, so the padding is taken off by hand: 00 02, eight or more that are not 00, and 00. */
function unpadded(key: string, sensitiveData: string): Buffer {
  const bytes = privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, Buffer.from(sensitiveData, 'base64'));
  const end = bytes.indexOf(0, 2);
  if (bytes[0] !== 0 || bytes[1] !== 2 || end < 10) throw new RangeError('not padded as it should be');
  return bytes.subarray(end + 1);
}
