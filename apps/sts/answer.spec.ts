// Proves the NDJSON command's fields: every vector that a request can express is asked for and read back through it, and
// each bad line is answered by its code.
import { readFileSync } from 'node:fs';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IEC_SAMPLE_TABLES, MANAGEMENT_SUBCLASS } from '@vend/sts';
import { answerLine } from './answer';

type Row = Record<string, unknown> & { id: string; kind: string; token: string; apduHex: string; subclass: number };
const ROWS = JSON.parse(readFileSync(join(__dirname, '../../test/vectors/sts-vectors.json'), 'utf8')) as Row[];
const of = (...kinds: string[]): [string, Row][] =>
  ROWS.filter((row) => kinds.includes(row.kind)).map((row) => [row.id, row]);
const ask = (request: unknown): Record<string, unknown> =>
  JSON.parse(answerLine(typeof request === 'string' ? request : JSON.stringify(request)).text) as Record<
    string,
    unknown
  >;
const codeOf = (request: unknown): unknown =>
  (ask(request)['error'] as { code?: unknown } | undefined)?.code ?? 'taken';

const twoDigits = (value: unknown): string => String(value).padStart(2, '0');
const meterOf = ({ id, ea, dkga, vendingKey, pan, kt, sgc, ti, krn, baseDate }: Row): object => ({
  ...{ id, ea: twoDigits(ea), dkga: twoDigits(dkga), vendingKey, pan, kt, sgc, ti, krn, ken: 255, baseDate },
});
const noticeOf = (row: Row): string | undefined => (row['ea'] === 7 ? 'sample tables: not for real meters' : undefined);

it.each(of('credit'))('%s', (_, row) => {
  const { id, subclass, decoderKey, tid, token, apduHex } = row;
  const at = String(row['issue']).replace(' ', 'T');
  const request = { ...meterOf(row), token: 'credit', subclass, amount: row['amount'], at, rnd: row['rnd'] };
  const units = String(row['decodedTransferUnits'] ?? row['decodedAmount_1e-5units']);
  const decimals = subclass < 4 ? 1 : 5;
  const padded = units.replace('-', '').padStart(decimals + 1, '0');
  const credited = `${units.startsWith('-') ? '-' : ''}${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`;
  expect(ask(request)).toEqual({
    id,
    tokens: [token],
    blocks: [apduHex],
    decoderKey,
    tid,
    credited,
    notice: noticeOf(row),
  });
  expect(ask({ ...meterOf(row), token: 'verify', digits: token })).toMatchObject({
    ...{ id, token: 'credit', class: 0, subclass, tid, credited, blocks: [apduHex], decoderKey },
    at: String(row['tidAsDate']).replace(' ', 'T'),
    ...(row['rnd'] === undefined ? {} : { rnd: row['rnd'] }),
  });
});

it.each(of('management'))('%s', (_, row) => {
  const { id, subclass, decoderKey, tid, token, apduHex } = row;
  const kind = Object.entries(MANAGEMENT_SUBCLASS).find(([, number]) => number === subclass)?.[0];
  const value = row['decodedTransferUnits'] ?? row['inputValue'];
  const request = { ...meterOf(row), token: kind, value: row['inputValue'], at: row['issue'], rnd: row['rnd'] };
  expect(ask(request)).toEqual({
    id,
    tokens: [token],
    blocks: [apduHex],
    decoderKey,
    tid,
    value,
    notice: noticeOf(row),
  });
  const read = ask({ ...meterOf(row), token: 'verify', digits: token });
  expect(read).toMatchObject({ token: kind, class: 2, subclass, tid, value, rnd: row['rnd'], blocks: [apduHex] });
});

it.each(of('keychange'))('%s', (_, row) => {
  const to = row['new'] as Record<string, unknown>;
  const tokens = row['ea'] === 11 ? 4 : to['threeKct'] === 1 ? 3 : 2;
  const answer = ask({ ...meterOf(row), token: 'key-change', to, tokens });
  expect(answer).toMatchObject({ id: row.id, decoderKey: row['decoderKey'], newDecoderKey: to['decoderKey'] });
  expect(answer['tokens']).toHaveLength(tokens);
  const section = Number(row.id.slice(-1));
  expect((answer['tokens'] as string[])[section - 1]).toBe(row.token);
  expect((answer['blocks'] as string[])[section - 1]).toBe(row.apduHex);
  const read = ask({ ...meterOf(row), token: 'verify', digits: row.token });
  expect(read).toMatchObject({ token: 'key-change', class: 2, subclass: row.subclass, section });
  if (section === 1) expect(read).toMatchObject({ krn: to['krn'], kt: to['kt'], rollover: to['ro'] === 1 });
});

it.each(of('class1'))('%s', (_, row) => {
  const { id, subclass, token, apduHex, control, mfrCode: manufacturer } = row;
  const answer = { id, tokens: [token], blocks: [apduHex] };
  expect(ask({ id, token: 'test-display', subclass, manufacturer, control })).toEqual(answer);
  expect(ask({ id, token: 'test-display', subclass, manufacturer: Number(manufacturer), control })).toEqual(answer);
  expect(ask({ id, token: 'verify', digits: token })).toEqual({
    ...{ id, token: 'test-display', class: 1, subclass, manufacturer, control, blocks: [apduHex] },
  });
});

const GOOD = {
  ...{ id: '1', ea: '07', dkga: '02', vendingKey: 'abababababababab', pan: '600727000000000009', kt: 2, sgc: '123456' },
  ...{ ti: '01', krn: 1, ken: 255, baseDate: 2014, token: 'credit', subclass: 0, amount: '25.6' },
  ...{ at: '2026-11-21T10:15', rnd: 5 },
};

it('answers the example of the README', () => {
  expect(answerLine(JSON.stringify(GOOD))).toEqual({
    text:
      '{"id":"1","tokens":["21532766522747036792"],"blocks":["05676f470100820c"],"decoderKey":"e653341f9d5bf36f",' +
      '"tid":6778695,"credited":"25.6","notice":"sample tables: not for real meters"}',
    failed: false,
  });
});

it.each<[string, unknown]>([
  ['bad-json', ''],
  ['bad-json', '{'],
  ['bad-json', '[]'],
  ['bad-json', 'null'],
  ['bad-json', '"text"'],
  ['unknown-token', {}],
  ['unknown-token', { ...GOOD, token: 'constructor' }],
  ['unknown-token', { ...GOOD, token: ['credit'] }],
  ['bad-ea', { ...GOOD, ea: undefined }],
  ['unsupported-ea', { ...GOOD, ea: '09' }],
  ['unsupported-dkga', { ...GOOD, dkga: '01' }],
  ['unsupported-dkga', { ...GOOD, dkga: '03' }],
  ['ea-dkga-mismatch', { ...GOOD, ea: '11' }],
  ['bad-vending-key', { ...GOOD, vendingKey: undefined }],
  ['bad-vending-key', { ...GOOD, vendingKey: 'abab' }],
  ['bad-pan', { ...GOOD, pan: 600727000000000009 }],
  ['pan-check-digit', { ...GOOD, pan: '600727000000000008' }],
  ['bad-kt', { ...GOOD, kt: null }],
  ['bad-kt', { ...GOOD, kt: '' }],
  ['bad-sgc', { ...GOOD, sgc: 123456 }],
  ['bad-ti', { ...GOOD, ti: '100' }],
  ['bad-krn', { ...GOOD, krn: 0 }],
  ['bad-ken', { ...GOOD, ken: 256 }],
  ['bad-base-date', { ...GOOD, baseDate: 2000 }],
  ['bad-subclass', { ...GOOD, subclass: 8 }],
  ['bad-subclass', { ...GOOD, subclass: undefined }],
  ['bad-amount', { ...GOOD, amount: 25.6 }],
  ['bad-amount', { ...GOOD, amount: undefined }],
  ['negative-amount', { ...GOOD, amount: '-1' }],
  ['amount-too-large', { ...GOOD, amount: '1820162.5' }],
  ['bad-rnd', { ...GOOD, rnd: undefined }],
  ['bad-rnd', { ...GOOD, rnd: 16 }],
  ['bad-time', { ...GOOD, at: undefined }],
  ['bad-time', { ...GOOD, at: '2026-11-21T10:15Z' }],
  ['before-base-date', { ...GOOD, at: '2013-12-31T23:59' }],
  ['tid-exhausted', { ...GOOD, at: '2045-11-24T20:16' }],
  ['key-expired', { ...GOOD, ken: 102 }],
  ['taken', { ...GOOD, ken: 103 }],
  ['taken', { ...GOOD, ken: undefined }],
  ['credit-under-ddtk', { ...GOOD, kt: 1 }],
  ['bad-value', { ...GOOD, token: 'clear-credit', value: 8 }],
  ['bad-value', { ...GOOD, token: 'tariff-rate' }],
  ['taken', { ...GOOD, token: 'clear-tamper' }],
  ['bad-request', { ...GOOD, token: 'key-change', tokens: 2 }],
  ['bad-section-count', { ...GOOD, token: 'key-change', tokens: 4, to: GOOD }],
  ['taken', { ...GOOD, token: 'key-change', tokens: 2, to: GOOD }],
  ['key-type-change', { ...GOOD, token: 'key-change', tokens: 2, to: { ...GOOD, kt: 0 } }],
  ['key-change-to-expired-key', { ...GOOD, token: 'key-change', tokens: 2, to: { ...GOOD, ken: 1 } }],
  ['bad-control', { token: 'test-display', subclass: 0, manufacturer: 0, control: 'xyz' }],
  ['bad-control', { token: 'test-display', subclass: 1, manufacturer: 0, control: 'fffffffff' }],
  ['bad-manufacturer', { token: 'test-display', subclass: 0, manufacturer: 100, control: '1' }],
  ['bad-digits', { ...GOOD, token: 'verify' }],
  ['bad-digits', { ...GOOD, token: 'verify', digits: 12345678901234567890 }],
  ['token-too-large', { ...GOOD, token: 'verify', digits: '99999999999999999999' }],
  ['class-reserved', { ...GOOD, token: 'verify', digits: '73786976294838206463' }],
  ['crc', { ...GOOD, token: 'verify', digits: '21532766522747036793' }],
  ['bad-vending-key', { token: 'verify', digits: '21532766522747036792' }],
  ['tables-file', { ...GOOD, tables: '/does/not/exist' }],
  ['bad-request', { ...GOOD, tables: 7 }],
])('%s: %j', (code, request) => {
  expect(codeOf(request)).toBe(code);
});

it('echoes the id of a refusal with a message, and says what it does not know of a broken line', () => {
  const answer = ask({ ...GOOD, id: 77, kt: 9 });
  expect(answer).toEqual({ id: 77, error: { code: 'bad-kt', message: expect.stringMatching(/key type/) as string } });
  expect(ask('nonsense')['id']).toBeNull();
});

it('takes tables from a file, and then makes other tokens', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sts-tables-'));
  try {
    const { s1, s2, p } = IEC_SAMPLE_TABLES.numbers;
    const same = join(folder, 'same.json');
    const other = join(folder, 'other.json');
    writeFileSync(same, JSON.stringify({ s1, s2, p }));
    writeFileSync(other, JSON.stringify({ s1: s2, s2: s1, p }));
    expect(ask({ ...GOOD, tables: same })).toEqual(ask(GOOD));
    const answer = ask({ ...GOOD, tables: other });
    expect(answer['tokens']).not.toEqual(ask(GOOD)['tokens']);
    expect(answer).not.toHaveProperty('notice');
    writeFileSync(join(folder, 'bad'), 'nothing');
    expect(codeOf({ ...GOOD, tables: join(folder, 'bad') })).toBe('bad-tables');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('moves past the last identifier of the meter, and takes 00:01 for special tokens only', () => {
  const at = '2026-07-29T00:01';
  expect(ask({ ...GOOD, at })['tid']).toBe(6_612_482);
  expect(ask({ ...GOOD, at, lastTid: 6_612_482 })['tid']).toBe(6_612_483);
  const special = ask({ ...GOOD, at, special: true });
  expect(special['tid']).toBe(6_612_481);
  const [digits] = special['tokens'] as string[];
  expect(ask({ ...GOOD, token: 'verify', digits })).toMatchObject({ reservedTid: true, at });
});
