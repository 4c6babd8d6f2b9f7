/*
 * Proves what a key ceremony does to a running token server: it starts from custodian shares, follows a new KEK and new key
 * states under load without losing a call, and refuses a key file from the past, a changed one, or one of other custodians.
 */
import { chmodSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GrpcTokenIssuer } from '@vend/issuer';
import type { CreditTokenRequest } from '@vend/vending';
import { TestAuthority } from '../support/certificates';
import { asShares, KeyRoom, ONE, TWO } from '../support/key-room';
import { eventually } from '../support/system';
import { freePort, journalAndCallers, TokenServerProcess } from '../support/token-server';
import type { TokenServerSettings } from '../support/token-server';
import { EA11 } from '../support/token-server-world';

const COMPONENTS = ['0123456789abcdef0123456789abcdef01234567', '1111111111111111111111111111111111111111'];
const NAMED = '--sgc 201457 --krn 1'.split(' ');
const LOAD = [...NAMED, ...'--kind VUDK --dkga 4 --base-date 2014 --ken 255 --kcv 8353EF'.split(' '), ...TWO];
const DEADLINE_MS = 10_000;

let room: KeyRoom;
let shares: string[];
let settings: TokenServerSettings;
let server: TokenServerProcess;
let issuer: GrpcTokenIssuer;
let nextTid = 6_612_482;

const present = (...more: string[]) => ({ secrets: [...asShares(shares[0], shares[1]), ...more] });
/** What the token server is given through descriptor 3: two custodians' shares. */
const onDescriptor3 = () => `${shares[1]}\n${shares[0]}\n`;

function request(fields: Partial<CreditTokenRequest> = {}): CreditTokenRequest {
  if (nextTid % 1440 === 1) nextTid += 1;
  const tid = nextTid++;
  return { requestId: `keys-${tid}`, meter: EA11, subclass: 0, tid, rnd: 5, amountUnits: 256n, ...fields };
}

async function credit(asked = request()): Promise<string> {
  const [outcome] = await issuer.issueCredit([asked], DEADLINE_MS);
  return outcome!.ok ? outcome!.digits : outcome!.code;
}

/** The token server reads its key file again; answers the line that it says then. */
async function reload(): Promise<string> {
  const said = (): string[] => server.output.split('\n').filter((line) => line.includes('key file'));
  const before = said().length;
  server.signal('SIGHUP');
  await eventually('the key file was read again', async () => said().length > before);
  return said().at(-1)!;
}

/** The code with which a token server refuses to start. */
async function refusalToStart(change: Partial<TokenServerSettings>): Promise<string> {
  const journalDirectory = join(room.folder, 'never');
  const process = TokenServerProcess.launch({
    ...settings,
    onDescriptor3: onDescriptor3(),
    ...change,
    journalDirectory,
  });
  expect(await process.ended()).toBe(1);
  room.transcript.push(process.output);
  return /"code":"([a-z0-9-]+)"/.exec(process.output)?.[1] ?? process.output;
}

beforeAll(async () => {
  room = new KeyRoom();
  shares = await room.createKek();
  const components = COMPONENTS.map((hex, i) => `component-${i + 1} ${hex}`);
  await room.done('load-components', LOAD, present(...components));
  await room.done('activate', [...NAMED, ...ONE], present());
  const authority = new TestAuthority();
  settings = {
    address: `127.0.0.1:${await freePort()}`,
    tls: authority.filesFor('token-server', room.folder),
    keyFile: room.keyFile,
    kekFile: 'fd:3',
    ...journalAndCallers(room.folder),
    env: { KEY_SEEN_FILE: room.seenFile },
  };
  // A key file that has a history is accepted by two people where no record of it is.
  await room.done('accept-generation', TWO, present());
  server = await TokenServerProcess.start({ ...settings, onDescriptor3: onDescriptor3() });
  issuer = new GrpcTokenIssuer({ address: settings.address, ...authority.filesFor('api', room.folder) });
});
afterAll(async () => {
  issuer.close();
  await server.stop();
  room.remove();
});

it('starts from the shares of two custodians and makes tokens under the key that two people loaded', async () => {
  expect(await credit()).toMatch(/^\d{20}$/);
  expect(server.output).toContain('"kcv":"8353EF"');
});

it('follows a new KEK under load: every call is answered, and the same request gives the same token', async () => {
  const known = request();
  const token = await credit(known);
  const answered: string[] = [];
  let going = true;
  const caller = async (): Promise<void> => {
    while (going) answered.push(await credit());
  };
  const callers = [caller(), caller(), caller(), caller()];
  const splitting = ['--shares', '3', '--threshold', '2', '--shares-dir', join(room.folder, 'shares-2')];
  await room.done('rotate-kek', [...TWO, ...splitting], present());
  const before = answered.length;
  expect(await reload()).toContain('"changed":true');
  const during = answered.length;
  await eventually('calls go on under the new KEK', async () => answered.length > during + 20);
  going = false;
  await Promise.all(callers);
  expect(before).toBeGreaterThan(0);
  expect(answered.filter((answer) => !/^\d{20}$/.test(answer))).toEqual([]);
  expect(new Set(answered).size).toBe(answered.length);
  expect(await credit(known)).toBe(token);
  expect(await credit({ ...known, requestId: 'another-id' })).toBe(token);
  const old = shares;
  shares = room.sharesIn('shares-2');
  await room.done('finish-rotation', TWO, present());
  expect(await refusalToStart({ onDescriptor3: `${old[0]}\n${old[1]}\n` })).toBe('kek-wrong');
  expect(await reload()).toContain('"changed":false');
});

it('starts again from the new shares, with the answers of before', async () => {
  const known = request();
  const token = await credit(known);
  await server.stop();
  room.transcript.push(server.output);
  server = await TokenServerProcess.start({ ...settings, onDescriptor3: onDescriptor3() });
  await eventually('the caller is connected again', () =>
    credit(known).then(
      (again) => again === token,
      () => false,
    ),
  );
});

it('follows the states of a key: retired makes no credit, active again does', async () => {
  await room.done('retire', [...NAMED, ...ONE], present());
  expect(await credit()).toMatch(/^\d{20}$/); // not yet read
  await reload();
  expect(await credit()).toBe('key-not-active');
  await room.done('activate', [...NAMED, ...ONE], present());
  await reload();
  expect(await credit()).toMatch(/^\d{20}$/);
  await room.done('expire', [...NAMED, ...ONE], present());
  await reload();
  expect(await credit()).toBe('key-expired');
  await room.done('set-iut', [...NAMED, ...ONE, '--until', 'none'], present());
  await reload();
  expect(await credit()).toMatch(/^\d{20}$/);
});

it('keeps its keys when the file was rolled back, and does not start from it', async () => {
  const old = join(room.folder, 'old.json');
  const newest = join(room.folder, 'newest.json');
  copyFileSync(room.keyFile, old);
  await room.done('retire', [...NAMED, ...ONE], present());
  await reload();
  copyFileSync(room.keyFile, newest);
  copyFileSync(old, room.keyFile);
  expect(await reload()).toContain('key-file-rolled-back');
  expect(await credit()).toBe('key-not-active');
  expect(await refusalToStart({})).toBe('key-file-rolled-back');
  rmSync(room.seenFile);
  expect(await refusalToStart({})).toBe('key-generation-unknown');
  copyFileSync(newest, room.keyFile);
  expect(await refusalToStart({})).toBe('key-generation-unknown');
  await room.done('accept-generation', TWO, present());
  await room.done('activate', [...NAMED, ...ONE], present());
  expect(await reload()).toContain('"changed":true');
  expect(await credit()).toMatch(/^\d{20}$/);
});

it('keeps its keys when the file was changed or opened to others, and does not start from it', async () => {
  const whole = readFileSync(room.keyFile, 'utf8');
  const tries: [string, () => void][] = [
    ['key-file-tampered', () => writeFileSync(room.keyFile, whole.replace('"state": "active"', '"state": "loaded"'))],
    ['key-file-malformed', () => writeFileSync(room.keyFile, whole.slice(1))],
    ['key-file-permissive', () => chmodSync(room.keyFile, 0o640)],
  ];
  for (const [code, change] of tries) {
    change();
    expect(await reload()).toContain(code);
    expect(await credit()).toMatch(/^\d{20}$/);
    expect(await refusalToStart({})).toBe(code);
    writeFileSync(room.keyFile, whole);
    chmodSync(room.keyFile, 0o600);
  }
});

it('does not start from too few shares, a foreign one, or a KEK that others may read', async () => {
  const stranger = new KeyRoom();
  const foreign = await stranger.createKek();
  for (const share of foreign) room.keepSecret(share);
  expect(await refusalToStart({ onDescriptor3: shares[0] })).toBe('kek-shares-too-few');
  expect(await refusalToStart({ onDescriptor3: `${shares[0]}\n${foreign[1]}` })).toBe('kek-share-foreign');
  expect(await refusalToStart({ onDescriptor3: `${foreign[0]}\n${foreign[1]}` })).toBe('kek-wrong');
  expect(await refusalToStart({ onDescriptor3: '' })).toBe('kek-malformed');
  const open = room.write('open-shares', onDescriptor3(), 0o644);
  expect(await refusalToStart({ kekFile: open })).toBe('kek-permissive');
  rmSync(open);
  stranger.remove();
});

it('shows no secret of the run in arguments, environment, logs, journal or key file', () => {
  const outside = ['cmdline', 'environ'].map((name) => readFileSync(`/proc/${server.pid}/${name}`, 'latin1'));
  room.keepSecret('1032547698badcfe1032547698badcfe10325476');
  const seen = [...room.transcript, server.output, ...outside].join('\n');
  expect(room.leaksIn(seen)).toEqual([]);
  expect(room.leaksIn(room.filesOnDisk())).toEqual([]);
  expect(readFileSync(`/proc/${server.pid}/limits`, 'utf8')).toMatch(/Max core file size +0 +0/);
});
