import { DEMO_WEBHOOK, GATEWAY_MAKERS } from './demo-gateways';
import { readIfThere, writeWhole } from './files';
import { randomSecret } from './secrets';

/** A company that takes customers' money, as the demo knows it from both sides. */
export interface DemoProvider {
  readonly code: string;
  readonly name: string;
  /** The contract that it speaks: libs/payments/providers/provider.ts. */
  readonly profile: string;
  /** What both sides know, by the names of the contract. */
  readonly credentials: Readonly<Record<string, string>>;
  /** What is not secret; `{sandbox}` and `{api}` stand for addresses that may be others at the next start. */
  readonly settings: Readonly<Record<string, string>>;
  /** What the company alone knows: its private key … */
  readonly outside: Readonly<Record<string, string>>;
  /** What it keeps of each payment, in hundredths of a percent. */
  readonly commissionBasisPoints: number;
  /** What it has paid in before the demo begins, in Taka: it sells from that and no more. Others sell on account. */
  readonly floatTaka?: string;
}

type Made = Pick<DemoProvider, 'name' | 'profile' | 'credentials'> & Partial<DemoProvider>;

const secret = (): string => randomSecret(18);

/** Each by its code, with secrets of its own when it is made. */
const MAKERS: Readonly<Record<string, () => Made>> = {
  'demo-form': () => ({
    name: 'Demo wallet with forms',
    profile: 'biller-form-v1',
    credentials: { userName: 'demo-form', password: secret() },
    commissionBasisPoints: 100,
  }),
  'demo-json': () => ({
    name: 'Demo wallet with JSON',
    profile: 'biller-json-v1',
    credentials: { basicUserName: 'demo-json', basicPassword: secret(), userId: 'demo-json', password: secret() },
    commissionBasisPoints: 125,
  }),
  'demo-fetch': () => ({
    name: 'Demo wallet that fetches',
    profile: 'fetch-pay-status-v1',
    credentials: { userName: 'demo-fetch', password: secret() },
  }),
  'demo-charge': () => ({
    name: 'Demo vendor with quotes',
    profile: 'quote-charge-v1',
    credentials: { appName: 'demo-charge', appPassword: secret() },
    settings: { variant: 'star' },
    commissionBasisPoints: 150,
  }),
  'demo-vendor': () => ({
    name: 'Demo vendor that pays in advance',
    profile: 'quote-charge-v1',
    credentials: { appName: 'demo-vendor', appPassword: secret() },
    settings: { variant: 'star' },
    commissionBasisPoints: 150,
    floatTaka: '5000.00',
  }),
  'demo-xml': () => ({
    name: 'Demo vendor with XML',
    profile: 'xml-ack-v1',
    credentials: { userName: 'demo-xml', userPass: secret(), apiKey: secret() },
  }),
  'demo-cards': () => ({
    name: 'Demo cards',
    profile: 'sslcommerz-v4',
    credentials: { storePassword: secret() },
    settings: { baseUrl: '{sandbox}/sslcommerz/demo-cards', storeId: 'democards' },
    commissionBasisPoints: 250,
  }),
  // The partner of our own contract: its key is in the partners' file, its terms are here.
  'demo-bkash': () => ({
    ...{ name: 'Demo mobile money', profile: 'signed-v1', credentials: {} },
    commissionBasisPoints: 100,
  }),
  ...GATEWAY_MAKERS,
};

/** Every company of the demo; a file of an older version gains who came since, and keeps what it has. */
export function demoProviders(file: string): DemoProvider[] {
  const text = readIfThere(file);
  const known = JSON.parse(text ?? '[]') as DemoProvider[];
  const missing = Object.entries(MAKERS).filter(([code]) => !known.some((provider) => provider.code === code));
  if (missing.length === 0) return known;
  const made = missing.map(([code, make]) => ({
    ...{ code, settings: {}, outside: {}, commissionBasisPoints: 0 },
    ...make(),
  }));
  writeWhole(file, `${JSON.stringify([...known, ...made], null, 2)}\n`);
  return [...known, ...made];
}

/** Writes down whose TLS api and worker believe when they fetch the certificates of the demo's notices. */
export function writeSnsAuthority(providers: readonly DemoProvider[], file: string): void {
  const webhook = providers.find(({ code }) => code === DEMO_WEBHOOK);
  writeWhole(file, webhook?.outside['tlsCertificate'] ?? '');
}
