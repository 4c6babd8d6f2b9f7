import { constants, createPublicKey, createSign, createVerify, publicEncrypt } from 'node:crypto';
import { pki, util } from 'node-forge';
import type { PlayedProvider } from '../providers/providers-file';

/** Nagad's side of the letters: its own private key, and the merchant's public one. */
export class NagadSeal {
  constructor(private readonly provider: PlayedProvider) {}

  /** @returns undefined for what was not sealed for Nagad or not signed by the merchant */
  open(body: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> | undefined {
    const { sensitiveData, signature } = body;
    if (typeof sensitiveData !== 'string' || typeof signature !== 'string') return undefined;
    try {
      const key = pki.privateKeyFromPem(this.provider.outside['nagadPrivateKey']!);
      const plain = Buffer.from(key.decrypt(util.decode64(sensitiveData), 'RSAES-PKCS1-V1_5'), 'binary');
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
