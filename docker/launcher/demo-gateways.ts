import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { selfSigned } from './certificates';

/** What a company of the demo is made of, for both sides; `{sandbox}` in a setting is the address of the sandbox. */
interface MadeCompany {
  readonly name: string;
  readonly profile: string;
  readonly credentials: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string>>;
  /** What the company alone knows. */
  readonly outside: Readonly<Record<string, string>>;
  readonly commissionBasisPoints: number;
}

/** Code of the webhook, whose certificate api and worker must believe. */
export const DEMO_WEBHOOK = 'demo-bkash-sns';
/** Invented, as the numbers of phones in the demo are. */
const SHORT_CODE = '01700000000';

/** bKash on both its ways and Nagad, each with keys of its own, made when a checkout is first started. */
export const GATEWAY_MAKERS = {
  'demo-bkash-pay': (): MadeCompany => ({
    ...{ name: 'Demo bKash checkout', profile: 'bkash-checkout-v1', commissionBasisPoints: 150 },
    credentials: { username: 'demo-bkash-pay', password: secret(), appKey: secret(), appSecret: secret() },
    settings: {
      baseUrl: '{sandbox}/bkash/demo-bkash-pay/v1.2.0-beta',
      refundUrl: '{sandbox}/bkash/demo-bkash-pay/v2',
      timeoutMs: '10000',
    },
    outside: {},
  }),
  [DEMO_WEBHOOK]: (): MadeCompany => {
    const [tls, signer] = [selfSigned('Sandbox notices', Date.now()), selfSigned('Sandbox signer', Date.now())];
    return {
      ...{ name: 'Demo bKash webhook', profile: 'bkash-webhook-v1', commissionBasisPoints: 0, credentials: {} },
      settings: {
        topicArn: `arn:aws:sns:ap-southeast-1:123456789012:bpt_${SHORT_CODE}`,
        shortCode: SHORT_CODE,
        covers: 'demo-form,demo-bkash-pay',
      },
      outside: {
        ...{ tlsCertificate: tls.certificatePem, tlsKey: tls.privateKeyPem },
        ...{ signingCertificate: signer.certificatePem, signingKey: signer.privateKeyPem },
      },
    };
  },
  'demo-nagad': (): MadeCompany => {
    const [merchant, nagad] = [keyPair(), keyPair()];
    return {
      ...{ name: 'Demo Nagad checkout', profile: 'nagad-checkout-v1', commissionBasisPoints: 130 },
      credentials: { merchantPrivateKey: merchant.privateKey },
      settings: {
        ...{ baseUrl: '{sandbox}/nagad/demo-nagad', merchantId: '683000000000001', timeoutMs: '10000' },
        nagadPublicKey: nagad.publicKey,
      },
      outside: { nagadPrivateKey: nagad.privateKey, merchantPublicKey: merchant.publicKey },
    };
  },
} as const;

const secret = () => randomBytes(18).toString('base64url');

function keyPair(): { readonly publicKey: string; readonly privateKey: string } {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}
