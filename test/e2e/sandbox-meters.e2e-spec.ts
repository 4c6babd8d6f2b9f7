// Proves the sandbox's virtual meters over HTTP with tokens made by @vend/sts under test keys, through restarts.
import { writeFile } from 'node:fs/promises';
import request from 'supertest';
import { DecoderKey, encodeCredit, encodeManagement } from '@vend/sts';
import { sandboxFiles, startSandbox, TEST_METERS } from './sandbox-support';

const PAN_11 = '600727000000000009';
const PAN_07 = '000001000000000082';
let files: Awaited<ReturnType<typeof sandboxFiles>>;
let sandbox: Awaited<ReturnType<typeof startSandbox>>;

beforeEach(async () => {
  files = await sandboxFiles();
  sandbox = await startSandbox(files.config);
});
afterEach(async () => {
  await sandbox.app.close();
  await files.remove();
});

/** A token as the vending side makes it, from the same key and none of the sandbox's code. */
function token(pan: keyof typeof TEST_METERS, tid: number, units: number, subclass = 0): string {
  const { decoderKeyHex, ea, baseDate, sgc, krn, kt, ken } = TEST_METERS[pan];
  const key = DecoderKey.fromHex(decoderKeyHex, { pan, ea, baseDate, sgc, krn, kt, ken, ti: 1 });
  return encodeCredit(key, { subclass, tid, rnd: 5, units }).digits;
}

async function enter(pan: string, digits: string): Promise<{ result: string; balance: { kwh: string; taka: string } }> {
  const response = await request(sandbox.url).post(`/meters/${pan}/tokens`).send({ digits }).expect(200);
  return response.body as { result: string; balance: { kwh: string; taka: string } };
}

const resultOf = async (pan: string, digits: string): Promise<string> => (await enter(pan, digits)).result;

async function restart(): Promise<void> {
  await sandbox.app.close();
  sandbox = await startSandbox(files.config);
}

describe('a virtual meter', () => {
  it('credits energy once, shows it, and says used the second time', async () => {
    const digits = token(PAN_11, 1000, 256);
    expect(await enter(PAN_11, digits)).toEqual({
      result: 'accepted',
      credited: { amount: '25.6', unit: 'kWh' },
      balance: { kwh: '25.6', taka: '0.00000' },
      display: 'ACCEPT 25.6 kWh',
    });
    expect(await enter(PAN_11, digits)).toEqual({
      result: 'used',
      credited: null,
      balance: { kwh: '25.6', taka: '0.00000' },
      display: 'USED',
    });
  });

  it('credits currency, with what the token really carries', async () => {
    expect(await enter(PAN_11, token(PAN_11, 1000, 1_250_000, 4))).toMatchObject({
      credited: { amount: '12.50024', unit: 'BDT' },
      balance: { kwh: '0.0', taka: '12.50024' },
    });
  });

  it('runs EA07 on the sample tables as well', async () => {
    expect(await resultOf(PAN_07, token(PAN_07, 1000, 10))).toBe('accepted');
  });

  it('takes twenty tokens in any order, and refuses the oldest when fifty newer ones are in', async () => {
    for (const n of [7, 1, 19, 4, 12, 0, 3, 18, 2, 6, 5, 11, 8, 17, 9, 10, 13, 16, 14, 15]) {
      expect(await resultOf(PAN_11, token(PAN_11, 1000 + n, 10))).toBe('accepted');
    }
    for (let n = 0; n < 50; n++) expect(await resultOf(PAN_11, token(PAN_11, 2000 + n, 10))).toBe('accepted');
    expect(await resultOf(PAN_11, token(PAN_11, 999, 10))).toBe('old');
    const view = await request(sandbox.url).get(`/meters/${PAN_11}`).expect(200);
    expect(view.body).toMatchObject({ pan: PAN_11, tokensAccepted: 70, balance: { kwh: '70.0' } });
    expect((view.body as { tids: number[] }).tids).toHaveLength(50);
  });

  it('refuses another meter’s token and mistyped digits, as often as one likes, without locking', async () => {
    for (let n = 0; n < 5; n++) expect(await resultOf(PAN_11, token(PAN_07, 1000 + n, 10))).toBe('crc');
    expect(await resultOf(PAN_11, '1234')).toBe('format');
    expect(await resultOf(PAN_11, token(PAN_11, 1000, 10))).toBe('accepted');
  });

  it('remembers after a restart', async () => {
    const digits = token(PAN_11, 1000, 256);
    await enter(PAN_11, digits);
    await restart();
    expect(await enter(PAN_11, digits)).toMatchObject({ result: 'used', balance: { kwh: '25.6' } });
  });

  it('is one meter when its first tokens come all at once', async () => {
    const digits = token(PAN_11, 1000, 256);
    const results = await Promise.all(Array.from({ length: 20 }, () => resultOf(PAN_11, digits)));
    expect(results.filter((result) => result === 'accepted')).toHaveLength(1);
    expect(results.filter((result) => result === 'used')).toHaveLength(19);
  });

  it('never shows its key', async () => {
    const view = await request(sandbox.url).get(`/meters/${PAN_11}`).expect(200);
    expect(view.text.toLowerCase()).not.toContain(TEST_METERS[PAN_11].decoderKeyHex);
  });
});

describe('the keys file', () => {
  it('with new keys makes new meters, while the sandbox runs', async () => {
    await enter(PAN_11, token(PAN_11, 1000, 256));
    const rekeyed = { ...TEST_METERS[PAN_11], decoderKeyHex: '00112233445566778899aabbccddeeff' };
    await writeFile(files.config.decoderKeysFile, JSON.stringify({ [PAN_11]: rekeyed, extra: rekeyed }));
    expect(await enter(PAN_11, token(PAN_11, 1001, 10))).toMatchObject({ result: 'crc', balance: { kwh: '0.0' } });
    await request(sandbox.url).get(`/meters/${PAN_07}`).expect(404);
  });

  it('that is missing is said as such, and is found when it comes', async () => {
    await writeFile(files.config.decoderKeysFile, '{');
    const response = await request(sandbox.url).get(`/meters/${PAN_11}`).expect(503);
    expect(response.body).toMatchObject({ code: 'meter-keys-missing', retryable: true });
    await writeFile(files.config.decoderKeysFile, JSON.stringify(TEST_METERS));
    await request(sandbox.url).get(`/meters/${PAN_11}`).expect(200);
  });
});

describe('the edge and the page', () => {
  it.each([
    ['an unknown meter', '/meters/600727111111111153/tokens', { digits: '1' }, 404, 'meter-unknown'],
    ['a number that is none', '/meters/12/tokens', { digits: '1' }, 400, 'request-malformed'],
    ['no digits', `/meters/${PAN_11}/tokens`, {}, 400, 'request-malformed'],
  ])('refuses %s', async (_, path, body, status, code) => {
    expect((await request(sandbox.url).post(path).send(body).expect(status)).body).toMatchObject({ code });
  });

  it('types a token key by key on the page, and enters it', async () => {
    const press = async (digits: string, key?: string): Promise<string> =>
      (await request(sandbox.url).post('/meters').type('form').send({ pan: PAN_11, digits, key }).expect(200)).text;
    const digits = token(PAN_11, 1000, 256);
    expect(await press(digits.slice(0, 4), digits[4])).toContain(`${digits.slice(0, 4)} ${digits[4]}`);
    expect(await press(digits.slice(0, 5), 'delete')).toContain(`value="${digits.slice(0, 4)}"`);
    const accepted = await press(digits);
    expect(accepted).toContain('ACCEPT 25.6 kWh');
    expect(accepted).toContain('টোকেন গৃহীত হয়েছে');
    expect(await press(digits, 'enter')).toContain('USED');
    await request(sandbox.url).post('/meters').type('form').send({ pan: '1', key: 'show' }).expect(404);
  });

  it('hangs several meters side by side, each with its own half-typed token and its short codes', async () => {
    const press = async (pan: string, key: string, digits = '', more = {}): Promise<string> => {
      const form = { pan, digits, key, wall: `${PAN_11},${PAN_07}`, ...more };
      return (await request(sandbox.url).post('/meters').type('form').send(form).expect(200)).text;
    };
    await press(PAN_11, 'enter', token(PAN_11, 1000, 256));
    const typing = await press(PAN_07, '7', '1234');
    expect(typing).toContain('1234 7');
    expect(typing).toContain('ACCEPT 25.6 kWh');
    expect(await press(PAN_11, 'enter', '801')).toContain('25.6 kWh</p>');
    expect(await press(PAN_11, 'enter', '889')).toContain('SEQ 1');
    expect(await press(PAN_11, 'enter', '800')).toContain('FORMAT');
    expect(await press(PAN_07, 'away')).not.toContain('1234 7');
  });

  it('knows what happens in the house, through a restart: load, use, an open cover', async () => {
    const house = async (event: object) =>
      (await request(sandbox.url).post(`/meters/${PAN_11}/house`).send(event).expect(200)).body as { off: string };
    const code = async (text: string) =>
      ((await request(sandbox.url).post(`/meters/${PAN_11}/codes`).send({ code: text }).expect(200)).body as { display: string }).display; // prettier-ignore
    expect((await house({ loadW: 1_500 })).off).toBe('no-credit');
    await enter(PAN_11, token(PAN_11, 1000, 256));
    expect(await code('807')).toBe('ON');
    expect(await house({ kwh: 5 })).toMatchObject({ off: null, balance: { kwh: '20.6' }, loadW: 1_500 });
    const { decoderKeyHex, ea, baseDate, sgc, krn, kt, ken } = TEST_METERS[PAN_11];
    const key = DecoderKey.fromHex(decoderKeyHex, { pan: PAN_11, ea, baseDate, sgc, krn, kt, ken, ti: 1 });
    const manage = (kind: 'max-power-limit' | 'clear-tamper', tid: number, value: number) =>
      encodeManagement(key, { kind, tid, rnd: 5, value }).digits;
    expect(await resultOf(PAN_11, manage('max-power-limit', 1001, 1_000))).toBe('accepted');
    expect([await code('807'), await code('869')]).toEqual(['OFF OVERLOAD', '1.00 kW']);
    expect((await house({ loadW: 500 })).off).toBeNull();
    expect((await house({ tamper: true })).off).toBe('tamper');
    await restart();
    expect([await code('807'), await code('808'), await code('817')]).toEqual(['OFF TAMPER', '0.50 kW', '25.6 kWh']);
    expect(await resultOf(PAN_11, manage('clear-tamper', 1002, 0))).toBe('accepted');
    expect(await code('807')).toBe('ON');
    await request(sandbox.url).post(`/meters/${PAN_11}/house`).send({ loadW: -1 }).expect(400);
  });
});
