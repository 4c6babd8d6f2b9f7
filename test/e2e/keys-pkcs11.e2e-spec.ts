/*
 * Proves key custody in a PKCS#11 token (SoftHSM) from the ceremony to the running token server: a KEK imported from shares
 * or made in the token, keys wrapped by it, a wrong PIN, a new KEK without a restart, and another token elsewhere.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GrpcTokenIssuer } from '@vend/issuer';
import type { CreditTokenRequest, MeterKeyConfig } from '@vend/vending';
import { SoftHsmToken, softHsmMissing } from '../../libs/keystore/pkcs11/softhsm.fixture';
import { TestAuthority } from '../support/certificates';
import { asShares, KeyRoom, ONE, TWO } from '../support/key-room';
import { eventually } from '../support/system';
import { freePort, journalAndCallers, TokenServerProcess } from '../support/token-server';
import type { TokenServerSettings } from '../support/token-server';
import { EA07, EA11 } from '../support/token-server-world';

const COMPONENTS = ['0123456789abcdef0123456789abcdef01234567', '1111111111111111111111111111111111111111'];
const DES_COMPONENTS = ['0123456789abcdef', '1111111111111111'];
const NAMED = '--sgc 201457 --krn 1'.split(' ');
const NAMED_DES = '--sgc 123456 --krn 1'.split(' ');
const VUDK = '--kind VUDK --base-date 2014 --ken 255'.split(' ');
const DEADLINE_MS = 10_000;

const withSoftHsm = softHsmMissing === null ? describe : describe.skip;
if (softHsmMissing !== null) {
  it('says why custody in a PKCS#11 token is not tried here', () => {
    console.warn(`PKCS#11 not tested: ${softHsmMissing}`);
    expect(softHsmMissing).toMatch(/SoftHSM|pkcs11js/);
  });
}

withSoftHsm('custody in a PKCS#11 token', () => {
  let hsm: SoftHsmToken;
  let room: KeyRoom;
  let shares: string[];
  let settings: TokenServerSettings;
  let server: TokenServerProcess;
  let issuer: GrpcTokenIssuer;
  let nextTid = 6_612_482;

  /** SoftHSM finds its tokens through this setting; it is no secret. */
  const at = (token: SoftHsmToken) => ({ env: { SOFTHSM2_CONF: token.configFile } });
  const tokenArguments = ({ access }: SoftHsmToken) => {
    const token = ['--pkcs11-library', access.library, '--pkcs11-token', access.tokenLabel];
    return ['--module', 'pkcs11', ...token, '--pin', access.pinSource];
  };

  async function credit(meter: MeterKeyConfig, fields: Partial<CreditTokenRequest> = {}): Promise<string> {
    const tid = nextTid++;
    const request = { requestId: `hsm-${tid}`, meter, subclass: 0 as const, tid, rnd: 5, amountUnits: 256n, ...fields };
    const [outcome] = await issuer.issueCredit([request], DEADLINE_MS);
    return outcome!.ok ? outcome!.digits : outcome!.code;
  }

  async function load(named: string[], dkga: number, components: string[]): Promise<void> {
    const args = [...named, ...VUDK, '--dkga', String(dkga), ...TWO];
    const secrets = components.map((hex, i) => `component-${i + 1} ${hex}`);
    // The letter of the key management centre would say the check value; here it is learnt by a wrong guess.
    const { err } = await room.step('load-components', [...args, '--kcv', '000000'], { secrets, ...at(hsm) });
    const kcv = /found ([0-9A-F]{6})/.exec(err)![1]!;
    await room.done('load-components', [...args, '--kcv', kcv], { secrets, ...at(hsm) });
    await room.done('activate', [...named, ...ONE], at(hsm));
  }

  beforeAll(async () => {
    hsm = SoftHsmToken.create();
    room = new KeyRoom(tokenArguments(hsm));
    room.keepSecret(hsm.pin);
    const splitting = ['--shares', '3', '--threshold', '2', '--shares-dir', join(room.folder, 'shares')];
    await room.done('create-kek', [...TWO, ...splitting], at(hsm));
    shares = room.sharesIn('shares');
    await load(NAMED, 4, COMPONENTS);
    await load(NAMED_DES, 2, DES_COMPONENTS);
    await room.done('accept-generation', TWO, at(hsm));
    const authority = new TestAuthority();
    settings = {
      address: `127.0.0.1:${await freePort()}`,
      tls: authority.filesFor('token-server', room.folder),
      keyFile: room.keyFile,
      kekFile: '',
      ...journalAndCallers(room.folder),
      env: {
        KEY_SEEN_FILE: room.seenFile,
        KEY_MODULE: 'pkcs11',
        PKCS11_LIBRARY: hsm.access.library,
        PKCS11_TOKEN: hsm.access.tokenLabel,
        PKCS11_PIN_FILE: 'fd:3',
        SOFTHSM2_CONF: hsm.configFile,
      },
      onDescriptor3: hsm.pin,
    };
    server = await TokenServerProcess.start(settings);
    issuer = new GrpcTokenIssuer({ address: settings.address, ...authority.filesFor('api', room.folder) });
  });
  afterAll(async () => {
    issuer?.close();
    await server?.stop();
    room?.remove();
    hsm?.remove();
  });

  it('makes tokens under keys that only the token can open', async () => {
    expect(await credit(EA11)).toMatch(/^\d{20}$/);
    expect(await credit(EA07)).toMatch(/^\d{20}$/);
    const listed = JSON.parse(await room.done('list', ['--json'], at(hsm)));
    expect(listed).toMatchObject({
      verified: true,
      keys: [{ custody: 'memory' }, { custody: 'token', kcv: '8353EF' }],
    });
  });

  it('makes the tokens that a software module makes from the same file and shares', async () => {
    const fixed = { tid: 7_000_001, requestId: 'in-token' };
    const inToken = [await credit(EA11, fixed), await credit(EA07, { ...fixed, requestId: 'in-token-des' })];
    const authority = new TestAuthority();
    const address = `127.0.0.1:${await freePort()}`;
    const inMemory = await TokenServerProcess.start({
      ...settings,
      address,
      tls: authority.filesFor('token-server', room.folder),
      kekFile: 'fd:3',
      journalDirectory: join(room.folder, 'journal-in-memory'),
      env: { KEY_SEEN_FILE: room.seenFile },
      onDescriptor3: `${shares[0]}\n${shares[2]}\n`,
    });
    const other = new GrpcTokenIssuer({ address, ...authority.filesFor('api', room.folder) });
    const ask = (meter: MeterKeyConfig) => ({
      ...{ requestId: 'in-memory', meter, subclass: 0 as const, tid: 7_000_001, rnd: 5, amountUnits: 256n },
    });
    const [a, b] = await other.issueCredit([ask(EA11), { ...ask(EA07), requestId: 'in-memory-des' }], DEADLINE_MS);
    expect([a!.ok && a!.digits, b!.ok && b!.digits]).toEqual(inToken);
    other.close();
    await inMemory.stop();
  });

  it('does not open with a wrong PIN, an open PIN file, or without the token', async () => {
    const refusal = async (change: object, onDescriptor3 = hsm.pin): Promise<string> => {
      const env = { ...settings.env, ...change };
      const journalDirectory = join(room.folder, 'never');
      const process = TokenServerProcess.launch({ ...settings, env, journalDirectory, onDescriptor3 });
      expect(await process.ended()).toBe(1);
      room.transcript.push(process.output);
      return /"code":"([a-z0-9-]+)"/.exec(process.output)?.[1] ?? process.output;
    };
    expect(await refusal({}, '00000000')).toBe('pkcs11-pin-wrong');
    expect(await refusal({ PKCS11_TOKEN: 'another' })).toBe('pkcs11-token-not-found');
    expect(await refusal({ PKCS11_LIBRARY: '/nowhere.so' })).toBe('pkcs11-unavailable');
    const open = room.write('open-pin', hsm.pin, 0o644);
    expect(await refusal({ PKCS11_PIN_FILE: open })).toBe('pkcs11-pin-permissive');
    room.write('open-pin', '', 0o600);
    const wrongInCeremony = room.write('wrong-pin', '99999999');
    expect(await room.refusal('list', ['--pin', wrongInCeremony], at(hsm))).toBe('pkcs11-pin-wrong');
  });

  it('follows a new KEK made inside the token, without a restart and without anybody seeing it', async () => {
    const token = await credit(EA11, { tid: 7_000_003, requestId: 'before' });
    await room.done('rotate-kek', TWO, at(hsm));
    expect(existsSync(`${room.keyFile}.handover`)).toBe(false);
    server.signal('SIGHUP');
    await eventually('the key file was read again', async () => server.output.includes('"changed":true'));
    expect(await credit(EA11, { tid: 7_000_003, requestId: 'after' })).toBe(token);
    expect(await credit(EA07)).toMatch(/^\d{20}$/);
  });

  it('comes back from shares in another token: on another machine', async () => {
    const elsewhere = SoftHsmToken.create();
    const other = new KeyRoom(tokenArguments(elsewhere));
    // Back to a KEK that custodians hold: the one made in the token has no shares.
    const splitting = ['--shares', '3', '--threshold', '3', '--shares-dir', join(room.folder, 'shares-3')];
    await room.done('rotate-kek', [...TWO, ...splitting], at(hsm));
    const three = room.sharesIn('shares-3');
    await room.done('backup', [...ONE, '--to', join(other.folder, 'backup.json')], at(hsm));
    const restore = ['--from', join(other.folder, 'backup.json'), ...TWO];
    expect(await other.refusal('restore', restore, at(elsewhere))).toBe('kek-wrong');
    await other.done('import-kek', TWO, { secrets: asShares(...three), ...at(elsewhere) });
    await other.done('restore', restore, at(elsewhere));
    const listed = JSON.parse(await other.done('list', ['--json'], at(elsewhere)));
    expect(listed.keys.map((key: { kcv: string }) => key.kcv)).toContain('8353EF');
    expect(room.leaksIn([...other.transcript, other.filesOnDisk()].join('\n'))).toEqual([]);
    other.remove();
    elsewhere.remove();
  });

  it('shows no PIN, share, component or key in arguments, environment, logs or files', () => {
    const outside = ['cmdline', 'environ'].map((name) => readFileSync(`/proc/${server.pid}/${name}`, 'latin1'));
    room.keepSecret('1032547698badcfe1032547698badcfe10325476');
    expect(room.leaksIn([...room.transcript, server.output, ...outside].join('\n'))).toEqual([]);
    expect(room.leaksIn(room.filesOnDisk())).toEqual([]);
  });
});
