import {
  constants,
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
  publicEncrypt,
  type KeyObject,
} from 'node:crypto';
import { pki, util } from 'node-forge';

/** Which hash the signatures are made with: the older guide says SHA1, every working SDK uses SHA256. */
type NagadHash = 'RSA-SHA256' | 'RSA-SHA1';

/** What one side needs: its own key, and the other's. */
interface NagadKeys {
  /** PEM, PKCS#1 or PKCS#8: ours. */
  readonly privateKey: string;
  /** PEM: theirs. */
  readonly publicKey: string;
  readonly hash: NagadHash;
}

/** A message as it goes over the wire: sealed for the reader, signed by the writer. */
interface SealedText {
  readonly sensitiveData: string;
  readonly signature: string;
}

/** It was not sealed for us, or not by whom it should be: nobody is told which, for each telling opens the next letter. */
export class NagadSealBroken extends Error {
  override readonly name = 'NagadSealBroken';
  constructor() {
    super('the message cannot be opened');
  }
}

/**
 * RSA both ways as Nagad has it (CHANNELS.md, 4): the text is encrypted with PKCS#1 v1.5 for the reader, and the very same
 * bytes are signed by the writer.
 *
 * Node refuses to decrypt PKCS#1 v1.5 (CVE-2023-46809), so that is done by node-forge. Who could ask us to decrypt as often
 * as they like, and saw how we fail, could read a message: every failure is one and the same error, and only answers to
 * our own calls are decrypted, never what comes in by itself.
 *
 * @example const { sensitiveData, signature } = new NagadCrypto(keys).seal(JSON.stringify(plain));
 */
export class NagadCrypto {
  private readonly signer: KeyObject;
  private readonly reader: KeyObject;
  private readonly opener: pki.rsa.PrivateKey;

  /** @throws {Error} when a key is none; never says which bytes */
  constructor(private readonly keys: NagadKeys) {
    this.signer = createPrivateKey(keys.privateKey);
    this.reader = createPublicKey(keys.publicKey);
    this.opener = pki.privateKeyFromPem(this.signer.export({ type: 'pkcs1', format: 'pem' }).toString());
  }

  /** @param text what is encrypted, and of which the same bytes are signed: at most 245 of them with a key of 2048 bits */
  seal(text: string): SealedText {
    const bytes = Buffer.from(text, 'utf8');
    const sealed = publicEncrypt({ key: this.reader, padding: constants.RSA_PKCS1_PADDING }, bytes);
    const signature = createSign(this.keys.hash).update(bytes).sign(this.signer, 'base64');
    return { sensitiveData: sealed.toString('base64'), signature };
  }

  /** @throws {NagadSealBroken} the same for every reason */
  open({ sensitiveData, signature }: SealedText): string {
    const bytes = this.decrypt(sensitiveData);
    // Looked at in any case, so that a letter that does not open takes as long as one that does.
    const isTheirs = createVerify(this.keys.hash)
      .update(bytes ?? Buffer.alloc(0))
      .verify(this.reader, signature, 'base64');
    if (bytes === undefined || !isTheirs) throw new NagadSealBroken();
    return bytes.toString('utf8');
  }

  private decrypt(sensitiveData: string): Buffer | undefined {
    try {
      const plain = this.opener.decrypt(util.decode64(sensitiveData), 'RSAES-PKCS1-V1_5');
      return Buffer.from(plain, 'binary');
    } catch {
      return undefined;
    }
  }
}

/** A key as gateways hand it out, the bare base64 of its DER, or as PEM. @example pemOf('MIIB…', 'PUBLIC KEY') */
export function pemOf(text: string, label: 'PUBLIC KEY' | 'PRIVATE KEY'): string {
  const trimmed = text.trim();
  if (trimmed.startsWith('-----BEGIN')) return `${trimmed}\n`;
  const lines = trimmed.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
