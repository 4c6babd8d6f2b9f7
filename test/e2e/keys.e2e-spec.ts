/*
 * Proves the key ceremony by running it as its people would, over real processes and files: shares, components, key-load
 * files, states, backup and restore, a file brought back from the past, the log of it all; and that no secret of the run
 * stands in any output, argument, environment, log or file.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Arguments } from '../../apps/keys/arguments';
import { Ceremony } from '../../apps/keys/ceremony';
import type { Questions } from '../../apps/keys/questions';
import { asShares, KeyRoom, ONE, TWO } from '../support/key-room';

const COMPONENTS = ['0123456789abcdef0123456789abcdef01234567', '1111111111111111111111111111111111111111'];
/** HMAC-SHA-256 of eight zero bytes under the XOR of both. */
const KCV = '8353EF';
const KEY_1 = '--sgc 201457 --krn 1 --kind VUDK --dkga 4 --base-date 2014 --ken 255'.split(' ');
const NAMED = '--sgc 201457 --krn 1'.split(' ');

let room: KeyRoom;
let shares: string[];
const asComponents = (...components: string[]) => components.map((hex, i) => `component-${i + 1} ${hex}`);
/** Two of the three custodians are there. */
const present = (...more: string[]) => ({ secrets: [...asShares(shares[0], shares[2]), ...more] });

beforeAll(async () => {
  room = new KeyRoom();
  shares = await room.createKek();
});
afterAll(() => room.remove());

describe('creating the KEK', () => {
  it('leaves a key file without keys and three shares, all for their owner alone', () => {
    expect(shares).toHaveLength(3);
    expect(room.listed()).toMatchObject({ generation: 1, keys: [] });
    const files = [room.keyFile, ...[1, 2, 3].map((n) => join(room.folder, 'shares', `share-${n}.txt`))];
    for (const file of files) expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('never overwrites a key file, and takes two people', async () => {
    const again = ['--shares', '3', '--threshold', '2', '--shares-dir', join(room.folder, 'again')];
    expect(await room.refusal('create-kek', [...TWO, ...again])).toContain('never overwritten');
    const same = ['--by', 'Selim Reza', '--by', 'selim  reza'];
    expect(await room.refusal('create-kek', [...same, ...again])).toBe('second-person-missing');
    expect(await room.refusal('create-kek', [...ONE, ...again])).toBe('second-person-missing');
    expect(existsSync(join(room.folder, 'again'))).toBe(false);
  });

  it('seals nothing when a share could not be written', async () => {
    const other = new KeyRoom();
    writeFileSync(join(other.folder, 'share-2.txt'), 'an older one');
    const splitting = ['--shares', '3', '--threshold', '2', '--shares-dir', other.folder];
    expect((await other.step('create-kek', [...TWO, ...splitting])).status).toBe(1);
    expect(existsSync(other.keyFile)).toBe(false);
    other.remove();
  });
});

describe('a key from two components', () => {
  it('is refused when it is not the key of the letter, and nothing has changed', async () => {
    const load = (kcv: string, ...typed: string[]) =>
      room.refusal('load-components', [...KEY_1, ...TWO, '--kcv', kcv], present(...asComponents(...typed)));
    expect(await load('000000', ...COMPONENTS)).toBe('check-value-mismatch');
    expect(await load(KCV, COMPONENTS[0]!, COMPONENTS[0]!)).toBe('component-weak');
    expect(await load(KCV, COMPONENTS[0]!, '0'.repeat(40))).toBe('component-weak');
    expect(await load(KCV, COMPONENTS[0]!, '11'.repeat(8))).toBe('component-malformed');
    expect(room.listed().generation).toBe(1);
  });

  it('is loaded with the check values shown and no key', async () => {
    const options = present(...asComponents(...COMPONENTS));
    const out = await room.done('load-components', [...KEY_1, ...TWO, '--kcv', KCV], options);
    expect(out).toMatch(/component 1: check value [0-9A-F]{6}\ncomponent 2: check value [0-9A-F]{6}\n/);
    expect(out).toContain(`key 201457/1: check value ${KCV}`);
    room.keepSecret('1032547698badcfe1032547698badcfe10325476');
    expect(room.listed()).toMatchObject({
      generation: 2,
      keys: [{ sgc: '201457', krn: 1, kcv: KCV, state: 'loaded' }],
    });
  });

  it('is not loaded twice', async () => {
    const options = present(...asComponents(...COMPONENTS));
    const twice = room.refusal('load-components', [...KEY_1, ...TWO, '--kcv', KCV], options);
    expect(await twice).toBe('key-already-loaded');
  });
});

describe('a key-load file', () => {
  const key = '00112233445566778899aabbccddeeff01020304';
  const attributes = '--sgc 201457 --krn 2 --kind VUDK --dkga 4 --base-date 2035 --ken 255'.split(' ');
  const klf = () => join(room.folder, 'klf.json');
  let kcv: string;

  it('is sealed for the module by its public key, and loaded by two people with the check value of the letter', async () => {
    const publicKey = (await room.done('module-id')).split('\n')[0]!;
    const sealed = await room.done('seal-key-load-file', [...attributes, '--to', publicKey, '--out', klf()], {
      secrets: [`key ${key}`],
    });
    kcv = /check value ([0-9A-F]{6})/.exec(sealed)![1]!;
    const load = (value: string) => room.step('load-file', ['--file', klf(), '--kcv', value, ...TWO], present());
    expect((await load('000000')).err).toContain('check-value-mismatch');
    expect((await load(kcv)).status).toBe(0);
    expect(room.listed().keys[1]).toMatchObject({ sgc: '201457', krn: 2, kcv, state: 'loaded' });
  });

  it('is refused by another module, and when it was changed', async () => {
    const other = new KeyRoom();
    const [a, b] = await other.createKek();
    const load = (file: string) =>
      other.refusal('load-file', ['--file', file, '--kcv', kcv, ...TWO], { secrets: asShares(a, b) });
    expect(await load(klf())).toBe('key-load-file-foreign');
    other.remove();
    const changed = room.write('changed.json', readFileSync(klf(), 'utf8').replace('"krn": 2', '"krn": 3'));
    const refusal = room.refusal('load-file', ['--file', changed, '--kcv', kcv, ...TWO], present());
    expect(await refusal).toBe('key-load-file-tampered');
  });
});

describe('the life of a key', () => {
  const now = (command: string, ...args: string[]) => room.step(command, [...NAMED, ...ONE, ...args], present());

  it('goes from loaded to active to retired, and back only to active', async () => {
    expect((await now('retire')).err).toContain('key-state-move-refused');
    expect((await now('activate')).status).toBe(0);
    expect((await now('activate')).err).toContain('key-state-move-refused');
    expect((await now('retire')).out).toContain('retired');
    expect((await now('activate')).out).toContain('active');
  });

  it('ends on a day, or at once', async () => {
    expect((await now('set-iut', '--until', '2031-12-31')).out).toContain('2031-12-31');
    expect((await now('set-iut', '--until', '2031-02-30')).err).toContain('vending-key-invalid');
    expect((await now('expire')).out).toContain('active, expired');
    expect((await now('set-iut', '--until', 'none')).out).not.toContain('expired');
  });

  it('shows in the list, verified with the KEK, without it as it stands', async () => {
    const listed = JSON.parse(await room.done('list', ['--json', '--kek', 'ask'], present()));
    expect(listed).toMatchObject({ verified: true, keys: [{ kcv: KCV, state: 'active', daysLeft: null }, { krn: 2 }] });
    const { out, err } = await room.step('list');
    expect(err).toContain('not verified');
    expect(out).toMatch(/201457 +1 +VUDK +04 +2014 +255 +8353EF +active/);
  });

  it('is taken out only when it is not in use, by two people', async () => {
    expect((await now('remove')).err).toContain('second-person-missing');
    expect((await now('remove', '--by', 'Selim Reza')).err).toContain('key-state-move-refused');
    const second = ['--sgc', '201457', '--krn', '2', ...TWO];
    await room.done('remove', second, present());
    expect(room.listed().keys).toHaveLength(1);
  });

  it('does not know a key that is not there', async () => {
    expect(await room.refusal('activate', ['--sgc', '999999', '--krn', '1', ...ONE], present())).toBe(
      'unknown-vending-key',
    );
  });
});

describe('a wrong share', () => {
  const list = (...given: string[]) => room.step('list', ['--kek', 'ask'], { secrets: asShares(...given) });

  it('is named: mistyped, foreign, given twice, or missing', async () => {
    const other = new KeyRoom();
    const [foreign] = await other.createKek();
    const mistyped = shares[1]!.replace(/[0-9a-f](?=-[0-9a-f]{6}$)/, (digit) => (digit === '0' ? '1' : '0'));
    expect((await list(shares[0]!, mistyped)).err).toMatch(/kek-share-malformed: .*share 2/);
    expect((await list(shares[0]!, foreign!)).err).toMatch(/kek-share-foreign: .*share 2/);
    expect((await list(shares[0]!, shares[0]!)).err).toMatch(/kek-share-repeated: .*share 2, number 1/);
    // The script ran out of shares: the ceremony asked for as many as the first one says.
    expect((await list(shares[0]!)).err).toContain(`answer 2 is not "share <secret>"`);
    const one = room.write('one-share', shares[0]!);
    expect(await room.refusal('list', ['--kek', one])).toBe('kek-shares-too-few');
    const wrong = other.sharesIn('shares');
    expect((await list(wrong[0]!, wrong[1]!)).err).toContain('kek-wrong');
    for (const share of other.secrets) room.keepSecret(share);
    other.remove();
  });
});

describe('the key file', () => {
  it('is refused when others may read it, when it was changed, and when it is none', async () => {
    const whole = readFileSync(room.keyFile, 'utf8');
    chmodSync(room.keyFile, 0o644);
    expect(await room.refusal('list', ['--kek', 'ask'], present())).toBe('key-file-permissive');
    chmodSync(room.keyFile, 0o600);
    writeFileSync(room.keyFile, whole.replace('"ken": 255', '"ken": 254'));
    expect(await room.refusal('list', ['--kek', 'ask'], present())).toBe('key-file-tampered');
    writeFileSync(room.keyFile, whole.slice(0, -20));
    expect(await room.refusal('list', ['--kek', 'ask'], present())).toBe('key-file-malformed');
    writeFileSync(room.keyFile, whole);
    expect((await room.step('list', ['--kek', 'ask'], present())).status).toBe(0);
  });

  it('is refused when an older one was put in its place, until two people accept it', async () => {
    const old = room.write('old.json', readFileSync(room.keyFile, 'utf8'));
    await room.done('retire', [...NAMED, ...ONE], present());
    const newest = readFileSync(room.keyFile, 'utf8');
    copyFileSync(old, room.keyFile);
    for (const command of ['retire', 'backup']) {
      const args = [...NAMED, ...ONE, '--to', join(room.folder, 'copy.json')];
      expect(await room.refusal(command, args, present())).toBe('key-file-rolled-back');
    }
    expect(await room.refusal('accept-generation', ONE, present())).toBe('second-person-missing');
    await room.done('accept-generation', TWO, present());
    expect((await room.step('list', ['--kek', 'ask'], present())).status).toBe(0);
    // The accepted file is the one that counts now; the other line of descent is the foreign one.
    await room.done('retire', [...NAMED, ...ONE], present());
    await room.done('activate', [...NAMED, ...ONE], present());
    writeFileSync(room.keyFile, newest);
    expect(await room.refusal('activate', [...NAMED, ...ONE], present())).toBe('key-file-rolled-back');
    await room.done('accept-generation', TWO, present());
    await room.done('activate', [...NAMED, ...ONE], present());
  });

  it('comes back from a backup on another machine with the shares, by two people', async () => {
    const copy = join(room.folder, 'backup.json');
    await room.done('backup', [...ONE, '--to', copy], present());
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    const elsewhere = new KeyRoom();
    const restore = (...args: string[]) => elsewhere.step('restore', ['--from', copy, ...args], present());
    expect((await restore(...ONE)).err).toContain('second-person-missing');
    expect((await restore(...TWO)).status).toBe(0);
    expect((await restore(...TWO)).err).toContain('is there already');
    expect(elsewhere.listed()).toEqual(room.listed());
    expect(statSync(elsewhere.seenFile).mode & 0o777).toBe(0o600);
    expect((await elsewhere.step('list', ['--kek', 'ask'], present())).status).toBe(0);
    // Without the record of that restore the file is not trusted: it might be any old one.
    const stranger = new KeyRoom();
    copyFileSync(copy, stranger.keyFile);
    expect(await stranger.refusal('list', ['--kek', 'ask'], present())).toBe('key-generation-unknown');
    elsewhere.remove();
    stranger.remove();
  });

  it('moves to a new KEK: the new shares open it, the old ones do not', async () => {
    const before = room.listed();
    const splitting = ['--shares', '5', '--threshold', '3', '--shares-dir', join(room.folder, 'shares-2')];
    await room.done('rotate-kek', [...TWO, ...splitting], present());
    const next = room.sharesIn('shares-2');
    expect(room.listed()).toMatchObject({ generation: before.generation + 1 });
    expect(room.listed().keys.map(({ kcv }) => kcv)).toEqual(before.keys.map(({ kcv }) => kcv));
    expect(await room.refusal('list', ['--kek', 'ask'], present())).toBe('kek-wrong');
    const three = { secrets: asShares(next[4], next[0], next[2]) };
    expect((await room.step('list', ['--kek', 'ask'], three)).status).toBe(0);
    await room.done('finish-rotation', TWO, three);
    expect(existsSync(`${room.keyFile}.handover`)).toBe(false);
    shares = next;
  });
});

describe('the log of the ceremony', () => {
  const verify = async (...args: string[]) => {
    const publicKey = (await room.done('export-public-key')).trim();
    return room.step('verify-log', ['--log-dir', room.journalDirectory, '--public-key', publicKey, ...args]);
  };
  const logFile = () => {
    const folder = join(room.journalDirectory, 'audit');
    return join(folder, readdirSync(folder).sort()[0]!);
  };

  it('has a line for each step: who, what, which generation, how it ended', () => {
    const lines = readFileSync(logFile(), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const operations = lines.filter(({ kind }) => kind === 'key-operation');
    const steps = (name: string) =>
      operations.filter(({ detail }) => detail.step === name).map(({ outcome }) => outcome);
    expect(steps('create-kek')).toEqual(['done']);
    expect(steps('load-components')).toEqual(
      ['check-value-mismatch', 'component-weak', 'component-weak', 'component-malformed', 'begun', 'done'].concat(
        'key-already-loaded',
      ),
    );
    const loaded = operations.find(({ detail, outcome }) => detail.step === 'load-components' && outcome === 'done');
    expect(loaded).toMatchObject({
      caller: 'Rahima Khatun + Selim Reza',
      detail: { sgc: '201457', krn: 1, kcv: KCV, generation: 2 },
    });
    expect(steps('rotate-kek')).toEqual(['begun', 'done']);
    expect(steps('accept-generation')).toEqual(['begun', 'done', 'begun', 'done']);
  });

  it('is verified, and a changed line is named', async () => {
    const sound = await verify('--json');
    expect(sound.status).toBe(0);
    expect(JSON.parse(sound.out)).toMatchObject({ faults: [] });
    const whole = readFileSync(logFile(), 'utf8');
    writeFileSync(logFile(), whole.replace('"krn":1,"kind":"VUDK"', '"krn":1,"kind":"VDDK"'));
    const changed = await verify();
    expect(changed.status).toBe(1);
    expect(changed.out).toMatch(/line \d+: changed/);
    writeFileSync(logFile(), whole);
    expect((await verify()).status).toBe(0);
  });
});

describe('dying and company', () => {
  const threeOf = () => ({ secrets: asShares(shares[0], shares[1], shares[2]) });

  it('leaves the old file or the new one when a step is killed, and the log says which steps were cut off', async () => {
    const begunMs = performance.now();
    await room.done('list', ['--kek', 'ask'], threeOf());
    const tookMs = performance.now() - begunMs;
    for (const part of [0.7, 0.8, 0.9, 0.95, 1, 1.05]) {
      const before = room.listed();
      const command = before.keys[0]!.state === 'active' ? 'retire' : 'activate';
      await room.step(command, [...NAMED, ...ONE], { ...threeOf(), killAfterMs: tookMs * part });
      const after = room.listed();
      expect([before.generation, before.generation + 1]).toContain(after.generation);
      expect((await room.step('list', ['--kek', 'ask'], threeOf())).status).toBe(0);
    }
  });

  it('lets one step at a time change the file: none is lost', async () => {
    const before = room.listed();
    const until = (n: number) => [...NAMED, ...ONE, '--until', `203${n}-01-01`];
    const steps = await Promise.all([1, 2, 3].map((n) => room.step('set-iut', until(n), threeOf())));
    const done = steps.filter(({ status }) => status === 0).length;
    for (const { status, err } of steps) if (status !== 0) expect(err).toMatch(/journal-in-use|key-file-changed/);
    expect(done).toBeGreaterThan(0);
    expect(room.listed().generation).toBe(before.generation + done);
  });
});

it('refuses a step that was overtaken while its people typed, and speaks of no rollback', async () => {
  const before = room.listed();
  const share = asShares(...shares.slice(0, 3));
  let overtaken = false;
  const slowly: Questions = {
    atTerminal: false,
    secret: async () => {
      if (!overtaken) {
        overtaken = true;
        await room.done('set-iut', [...NAMED, ...ONE, '--until', '2039-01-01'], {
          secrets: asShares(...shares.slice(0, 3)),
        });
      }
      const line = share.shift()!;
      return Buffer.from(line.slice(line.indexOf(' ') + 1));
    },
  };
  const args = Arguments.parse(['list', '--kek', 'ask', '--key-file', room.keyFile], {
    KEYS_JOURNAL_DIR: room.journalDirectory,
  });
  const refused = await Ceremony.hold(args, slowly, ['Rahima Khatun'], () => Promise.resolve()).catch(
    (error: unknown) => error,
  );
  expect(refused).toMatchObject({ code: 'key-file-changed' });
  expect(room.listed().generation).toBe(before.generation + 1);
});

describe('secrets', () => {
  it('are not taken as arguments, and a slip does not repeat them', async () => {
    const secret = 'cafebabecafebabecafebabecafebabe';
    for (const args of [[secret], ['--component', secret], [`--share=${secret}`]]) {
      const { status, err, out } = await room.step('list', args);
      expect(status).toBe(2);
      expect(err + out).not.toContain(secret);
    }
  });

  it('stand in no output, argument, environment, log or file', () => {
    expect(room.secrets.size).toBeGreaterThan(10);
    expect(room.leaksIn(room.transcript.join('\n'))).toEqual([]);
    expect(room.leaksIn(room.filesOnDisk().replace(readFileSync(join(room.folder, 'one-share'), 'utf8'), ''))).toEqual(
      [],
    );
    // The net itself holds.
    const [any] = [...room.secrets];
    expect(room.leaksIn(`x${any!.toUpperCase()}x`)).toHaveLength(1);
  });

  it('cannot end in a core dump: the ceremony refuses to run where there are any', () => {
    const main = join(__dirname, '../../dist/apps/keys/main.js');
    const run = spawnSync('/bin/sh', [
      '-c',
      'ulimit -c unlimited 2>/dev/null || exit 99; exec "$0" "$@"',
      process.execPath,
      main,
      'list',
    ]);
    if (run.status !== 99) expect(run.stderr.toString()).toContain('core dumps are on');
  });
});
