// Proves the token server as a process: tokens that meters accept, outages, starts that are refused by name, and no secret in what it prints.
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GrpcTokenIssuer } from '@vend/issuer';
import { openKeyFile } from '@vend/keystore';
import { TokenServerUnavailable } from '@vend/vending';
import { filesWithContent, keysFoundIn, keySecretsOf } from '../support/key-secrets';
import { TokenServerProcess } from '../support/token-server';
import type { TokenServerSettings } from '../support/token-server';
import { DEADLINE_MS, EA07, EA11, TokenServerWorld, untilAvailable } from '../support/token-server-world';

jest.setTimeout(60_000);

let world: TokenServerWorld;
let issuer: GrpcTokenIssuer;

beforeAll(async () => {
  world = await TokenServerWorld.create();
  issuer = world.issuer();
});

afterAll(async () => {
  issuer?.close();
  await world?.destroy();
});

/** The code of a whole start that is refused, with everything it printed. */
async function refusedStart(change: Partial<TokenServerSettings>): Promise<{ code: string; output: string }> {
  const process = TokenServerProcess.launch({ ...(await world.settingsOfAnother()), ...change });
  expect(await process.ended()).toBe(1);
  return { code: /"code":"([^"]+)"/.exec(process.output)?.[1] ?? 'none', output: process.output };
}

describe('credit tokens', () => {
  it.each([
    ['EA11, kWh', EA11, 0, 256n, 256n],
    ['EA11, currency', EA11, 4, 1_250_000n, 1_250_024n],
    ['EA07, kWh', EA07, 0, 20_000n, 20_004n],
    ['EA07, currency', EA07, 4, 1_250_000n, 1_250_024n],
  ] as const)(
    '%s: accepted once by its meter, for the amount said, and by no other',
    async (_name, config, subclass, amountUnits, credited) => {
      const [outcome] = await issuer.issueCredit([world.request(config, { subclass, amountUnits })], DEADLINE_MS);
      if (!outcome?.ok) throw new Error(outcome?.code);
      expect(outcome.creditedUnits).toBe(credited);
      expect(outcome.sampleTables).toBe(config.ea === '07');
      const meter = world.meterOf(config);
      expect(meter.enter(outcome.digits, 0)).toMatchObject({
        result: 'Accept',
        credited: { subclass, units: credited },
      });
      expect(meter.enter(outcome.digits, 1).result).toBe('Used');
      expect(world.meterOf(config === EA11 ? EA07 : EA11).enter(outcome.digits, 2).result).toBe('CRC');
    },
  );

  it('come in the order of a group, and a bad member takes no other with it', async () => {
    const group = [
      world.request(EA11),
      world.request({ ...EA11, sgc: '654321' }),
      world.request(EA07),
      world.request({ ...EA07, pan: '000001000000000083' }),
      world.request(EA11, { amountUnits: 18_201_625n }),
      world.request(EA11),
    ];
    const outcomes = await issuer.issueCredit(group, DEADLINE_MS);
    expect(outcomes.map((outcome) => outcome.requestId)).toEqual(group.map(({ requestId }) => requestId));
    expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.code))).toEqual([
      'ok',
      'unknown-vending-key',
      'ok',
      'meter-identity-invalid',
      'amount-out-of-range',
      'ok',
    ]);
    const meter = world.meterOf(EA11);
    for (const index of [5, 0]) {
      const outcome = outcomes[index]!;
      expect(outcome.ok && meter.enter(outcome.digits, 0).result).toBe('Accept');
    }
  });

  it('carry currency amounts beyond 2^53 exactly', async () => {
    // 2^53 + 1 is the first whole number a JavaScript number cannot hold; what is credited is never below it.
    const amountUnits = 9_007_199_254_740_993n;
    const [outcome] = await issuer.issueCredit([world.request(EA11, { subclass: 4, amountUnits })], DEADLINE_MS);
    if (!outcome?.ok) throw new Error(outcome?.code);
    const answer = world.meterOf(EA11).enter(outcome.digits, 0);
    expect(answer.token).toMatchObject({ kind: 'credit', units: outcome.creditedUnits });
    expect(outcome.creditedUnits).toBeGreaterThanOrEqual(amountUnits);
  });

  it('fill the largest group', async () => {
    const outcomes = await issuer.issueCredit(
      Array.from({ length: 1024 }, () => world.request(EA11)),
      DEADLINE_MS,
    );
    const digits = outcomes.map((outcome) => (outcome.ok ? outcome.digits : outcome.code));
    expect(new Set(digits).size).toBe(1024);
    await expect(
      issuer.issueCredit(
        Array.from({ length: 1025 }, () => world.request(EA11)),
        DEADLINE_MS,
      ),
    ).rejects.toThrow(RangeError);
  });
});

describe('a server that is away', () => {
  it('is called unavailable at once, is spared for a second, and gives the same token when it is back', async () => {
    let nowMs = 0;
    const caller = world.issuer({ now: () => nowMs });
    const asked = world.request(EA11);
    const before = await caller.issueCredit([asked], DEADLINE_MS);

    world.server.signal('SIGKILL');
    await world.server.ended();
    await expect(caller.issueCredit([asked], DEADLINE_MS)).rejects.toThrow(TokenServerUnavailable);
    await expect(caller.issueCredit([asked], DEADLINE_MS)).rejects.toThrow('not asked again yet');

    world.server = await TokenServerProcess.start(world.settings);
    await expect(caller.issueCredit([asked], DEADLINE_MS)).rejects.toThrow('not asked again yet');
    const again = await untilAvailable(() => {
      nowMs += 1_000;
      return caller.issueCredit([asked], DEADLINE_MS);
    });
    expect(again).toEqual(before);
    caller.close();
  });

  it('is called unavailable when it hangs past the deadline', async () => {
    const caller = world.issuer();
    await caller.issueCredit([world.request(EA11)], DEADLINE_MS);
    world.server.signal('SIGSTOP');
    try {
      const startedMs = performance.now();
      await expect(caller.issueCredit([world.request(EA11)], 200)).rejects.toThrow(TokenServerUnavailable);
      expect(performance.now() - startedMs).toBeLessThan(10_000);
    } finally {
      world.server.signal('SIGCONT');
    }
    expect((await caller.issueCredit([world.request(EA11)], DEADLINE_MS))[0]!.ok).toBe(true);
    caller.close();
  });
});

describe('a start', () => {
  it('takes the key-encryption key from descriptor 3', async () => {
    const settings = await world.settingsOfAnother();
    const kek = readFileSync(world.settings.kekFile, 'utf8');
    const other = await TokenServerProcess.start({ ...settings, kekFile: 'fd:3', onDescriptor3: kek });
    const caller = world.issuer({ address: settings.address });
    expect((await caller.issueCredit([world.request(EA11)], DEADLINE_MS))[0]!.ok).toBe(true);
    caller.close();
    await other.stop();
  });

  it('is refused with a named error and nothing else for a wrong, open or missing KEK and a tampered key file', async () => {
    const wrongKek = join(world.folder, 'kek-wrong');
    writeFileSync(wrongKek, 'ab'.repeat(32), { mode: 0o600 });
    const openKek = join(world.folder, 'kek-open');
    writeFileSync(openKek, readFileSync(world.settings.kekFile), { mode: 0o600 });
    chmodSync(openKek, 0o644);
    const tampered = join(world.folder, 'tampered.json');
    writeFileSync(tampered, readFileSync(world.settings.keyFile, 'utf8').replace('"ken": 255', '"ken": 254'), {
      mode: 0o600,
    });

    const kekHex = readFileSync(world.settings.kekFile, 'utf8').trim();
    for (const [change, code] of [
      [{ kekFile: wrongKek }, 'kek-wrong'],
      [{ kekFile: openKek }, 'kek-permissive'],
      [{ kekFile: join(world.folder, 'gone') }, 'kek-unreadable'],
      [{ keyFile: tampered }, 'key-file-tampered'],
      [{ env: { STA_TABLES_FILE: world.settings.keyFile } }, 'sta-tables-malformed'],
    ] as const) {
      const refused = await refusedStart(change);
      expect(refused.code).toBe(code);
      expect(refused.output).not.toContain(kekHex);
      expect(refused.output).not.toContain('abababab');
    }
  });

  it('is refused while a crash could write the keys to the disk, unless told otherwise', async () => {
    const launch = async (coreDumps: 'refuse' | 'warn') =>
      TokenServerProcess.launch({
        ...(await world.settingsOfAnother()),
        env: { CORE_DUMPS: coreDumps },
        coreLimit: 1,
      });
    const refused = await launch('refuse');
    expect(await refused.ended()).toBe(1);
    expect(refused.output).toContain('"code":"core-dumps-on"');
    const warned = await launch('warn');
    while (!warned.output.includes('listening')) await new Promise((next) => setTimeout(next, 20));
    expect(warned.output).toContain('core dumps are on');
    await warned.stop();
  });

  it('names every faulty setting at once', async () => {
    const { output } = await refusedStart({ address: 'nowhere', kekFile: '' });
    expect(output).toMatch(/TOKEN_SERVER_ADDRESS.*KEK_FILE/);
  });
});

describe('the end', () => {
  it('answers what is under way, closes and exits with 0 on SIGTERM', async () => {
    const settings = await world.settingsOfAnother();
    const other = await TokenServerProcess.start(settings);
    const caller = world.issuer({ address: settings.address });
    await caller.status(DEADLINE_MS);
    const underWay = Promise.allSettled(
      Array.from({ length: 20 }, () =>
        caller.issueCredit(
          Array.from({ length: 64 }, () => world.request(EA11)),
          DEADLINE_MS,
        ),
      ),
    );
    other.signal('SIGTERM');
    for (const call of await underWay) {
      // A call that arrived after the signal is refused as a whole; none is half answered.
      if (call.status === 'rejected') expect(call.reason).toBeInstanceOf(TokenServerUnavailable);
      else expect(call.value.every((outcome) => outcome.ok)).toBe(true);
    }
    expect(await other.ended()).toBe(0);
    expect(other.output).toContain('"msg":"stopped"');
    caller.close();
  });

  it('leaves no key and no token in its journal, its arguments, its environment or a core dump', async () => {
    const outcomes = await issuer.issueCredit([world.request(EA11), world.request(EA07)], DEADLINE_MS);
    const secrets = await keySecretsOf(world.settings, mkdtempSync(join(world.folder, 'test-')));
    const process = `/proc/${world.server.pid}`;
    const places: [string, Buffer][] = [
      ...filesWithContent(world.settings.journalDirectory),
      ...['cmdline', 'environ'].map((name): [string, Buffer] => [name, readFileSync(join(process, name))]),
      ['what it printed', Buffer.from(world.server.output)],
    ];
    expect(places.filter(([path]) => path.startsWith(world.settings.journalDirectory)).length).toBeGreaterThan(1);
    expect(secrets.length).toBeGreaterThan(4);
    expect(places.flatMap(([path, content]) => keysFoundIn(path, content, secrets))).toEqual([]);
    for (const [, content] of places) {
      for (const outcome of outcomes) if (outcome.ok) expect(content.includes(outcome.digits)).toBe(false);
    }
    expect(readFileSync(join(process, 'limits'), 'utf8')).toMatch(/^Max core file size\s+0\s+0/m);
    // The search itself finds what is there.
    const kek = readFileSync(world.settings.kekFile);
    expect(keysFoundIn('the file', kek, secrets)).toEqual(['the file holds the key-encryption key']);
  });

  it('leaves logs with request ids and the table warning but no key, token or meter number', async () => {
    const asked = [world.request(EA11), world.request(EA07), world.request({ ...EA07, krn: 9 })];
    const outcomes = await issuer.issueCredit(asked, DEADLINE_MS);
    await untilAvailable(async () => {
      if (!world.server.output.includes(asked[0]!.requestId)) throw new TokenServerUnavailable('not logged yet');
    });
    const opened = await openKeyFile(world.settings.keyFile, world.settings.kekFile);
    const vendingKeys = opened.map(({ value }) => value);
    const kek = Buffer.from(readFileSync(world.settings.kekFile, 'utf8').trim(), 'hex');
    const secrets = [...vendingKeys, kek, ...Object.values(world.decoderKeys).map((hex) => Buffer.from(hex, 'hex'))];
    const printed = world.server.output.toLowerCase();
    for (const secret of secrets) {
      for (const form of ['hex', 'base64', 'base64url'] as const) {
        expect(printed).not.toContain(secret.toString(form).toLowerCase());
      }
      expect(printed).not.toContain([...secret].join(','));
    }
    for (const outcome of outcomes) if (outcome.ok) expect(printed).not.toContain(outcome.digits);
    expect(printed).not.toContain(EA11.pan);
    expect(printed).not.toMatch(/\d{20}/);
    expect(printed).toContain('sample tables: not for real meters');
    expect(world.server.output).toContain(`"${asked[2]!.requestId}":"unknown-vending-key"`);
  });
});
