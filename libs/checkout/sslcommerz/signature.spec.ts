/* Proves SSLCommerz's signature by the known answer of CHANNELS.md 5, and that nobody passes with fewer or other fields. */
import { signatureFault, sslcommerzSignature } from './signature';

/** The official Python sample, with the password of the public sandbox; the signatures stand with it. */
const SAMPLE: Readonly<Record<string, string>> = {
  ...{ amount: '10.00', bank_tran_id: '200105225825DBgSoRGLvczhFjj', base_fair: '0.00', card_brand: 'VISA' },
  ...{ card_issuer: 'TRUST BANK, LTD.', card_issuer_country: 'Bangladesh', card_issuer_country_code: 'BD' },
  ...{ card_no: '418117XXXXXX6675', card_type: 'VISA-Dutch Bangla', currency: 'BDT', currency_amount: '10.00' },
  ...{ currency_rate: '1.0000', currency_type: 'BDT', risk_level: '0', risk_title: 'Safe', status: 'VALID' },
  ...{ store_amount: '9.75', store_id: 'test_testemi', tran_date: '2020-01-05 22:58:21', tran_id: '5E121A0D01F92' },
  ...{ val_id: '200105225826116qFnATY9sHIwo', value_a: '', value_b: '', value_c: '', value_d: '' },
};
const PASSWORD = 'test_testemi@ssl';
const MD5 = 'd42fab70ae0bcbda5280e7baffef60b0';
const SHA256 = '02c0417ff467c109006382d56eedccecd68382e47245266e7b47abbb3d43976e';
const NAMES = Object.keys(SAMPLE);

function signed(fields = SAMPLE, names: readonly string[] = NAMES): Record<string, string> {
  return {
    ...fields,
    verify_key: names.join(','),
    verify_sign: sslcommerzSignature(fields, names, PASSWORD, 'md5'),
    verify_sign_sha2: sslcommerzSignature(fields, names, PASSWORD, 'sha256'),
  };
}

it.each([
  ['md5', MD5],
  ['sha256', SHA256],
] as const)('signs the official sample with %s', (algorithm, expected) => {
  expect(sslcommerzSignature(SAMPLE, NAMES, PASSWORD, algorithm)).toBe(expected);
  expect(sslcommerzSignature(SAMPLE, [...NAMES].reverse(), PASSWORD, algorithm)).toBe(expected);
});

it('takes the official sample, with both signatures and with the older one alone', () => {
  const sample = { ...SAMPLE, verify_key: NAMES.join(','), verify_sign: MD5, verify_sign_sha2: SHA256 };
  expect(signatureFault(sample, PASSWORD)).toBeUndefined();
  const { verify_sign_sha2: newer, ...older } = sample;
  expect(newer).toBe(SHA256);
  expect(signatureFault(older, PASSWORD)).toBeUndefined();
});

it.each(['amount', 'currency', 'status', 'tran_id', 'val_id', 'store_id'])(
  'refuses a good signature that leaves out %s',
  (name) => {
    const fewer = NAMES.filter((each) => each !== name);
    expect(signatureFault(signed(SAMPLE, fewer), PASSWORD)).toBe('signature-over-too-little');
  },
);

it.each(NAMES)('refuses another %s than was signed', (name) => {
  expect(signatureFault({ ...signed(), [name]: `${SAMPLE[name]!}1` }, PASSWORD)).toBe('signature-wrong');
});

it.each([
  ['a wrong md5', { verify_sign: '0'.repeat(32) }],
  ['a wrong sha256', { verify_sign_sha2: '0'.repeat(64) }],
  ['a short one', { verify_sign: MD5.slice(1) }],
  ['an empty one', { verify_sign_sha2: '' }],
])('refuses %s', (_what, change) => {
  expect(signatureFault({ ...signed(), ...change }, PASSWORD)).toBe('signature-wrong');
});

it('refuses what is not signed at all, and what was signed with another password', () => {
  expect(signatureFault(SAMPLE, PASSWORD)).toBe('signature-missing');
  expect(signatureFault(signed(), 'another password')).toBe('signature-wrong');
});

it('refuses a signature over a password of the sender’s own choice', () => {
  const fields = { ...SAMPLE, store_passwd: 'mine' };
  expect(signatureFault(signed(fields, [...NAMES, 'store_passwd']), PASSWORD)).toBe('signature-wrong');
});

it('needs no val_id of a payment that was not made', () => {
  const fields = { ...SAMPLE, status: 'FAILED' };
  const names = NAMES.filter((name) => name !== 'val_id');
  expect(signatureFault(signed(fields, names), PASSWORD)).toBeUndefined();
});
