// Proves the sandbox's short message centre against an ESME that nobody here wrote: Debian's Kannel binds to it, sends
// Bangla in parts, gets receipts and customers' messages, and is throttled. The octets are compared with the layout.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SmscCenter } from '../../apps/sandbox/smsc/smsc-center';
import { smscFaults } from '../../apps/sandbox/smsc/smsc-settings';
import { findProgram } from '../../docker/launcher/programs';
import { describeWith, missingSoftware } from '../support/debian-packages';
import { eventually, PASSWORD } from './smpp-support';

const missing = missingSoftware(['bearerbox', 'smsbox'], ['kannel']);
const PHONE = '8801700000001';
const BANGLA = `টোকেন 1234-5678-9012-3456-7890 ${'রিচার্জ সফল ৳৫০০ '.repeat(10)}`.trim();

describeWith(missing, 'Kannel and our short message centre', () => {
  const center = new SmscCenter();
  const boxes: ChildProcess[] = [];
  let directory: string;
  let web: Server;
  let sendsms: number;
  /** What Kannel told over HTTP. */
  const told: URL[] = [];
  let log = '';

  const play = (faults: object): void =>
    center.setFaults(smscFaults.parse({ responseIds: 'hex', receiptIds: 'decimal', record: true, ...faults }));
  const shown = (msisdn = PHONE): string[] => center.phones.messages(msisdn).map(({ text }) => text);

  beforeAll(async () => {
    play({});
    center.setAccounts([{ systemId: 'kannel', password: PASSWORD, bindsMax: 1 }]);
    const smpp = await center.listen(0);
    web = createServer((request, response) => {
      const url = new URL(request.url!, 'http://localhost');
      told.push(url);
      response.setHeader('content-type', 'text/plain; charset=utf-8');
      response.setHeader('x-kannel-coding', '2');
      response.end(url.pathname === '/mo' ? `Answer to ${url.searchParams.get('text')!.slice(0, 3)}` : '');
    }).listen(0, '127.0.0.1');
    await once(web, 'listening');
    const [admin, boxPort, sendPort] = await freePorts(3);
    sendsms = sendPort!;
    directory = await mkdtemp(join(tmpdir(), 'kannel-'));
    const conf = join(directory, 'kannel.conf');
    const mo = `http://127.0.0.1:${(web.address() as AddressInfo).port}/mo?from=%p&to=%P&text=%a`;
    await writeFile(conf, configuration({ admin: admin!, boxPort: boxPort!, sendPort: sendPort!, smpp, mo }), {
      mode: 0o600,
    });
    start('bearerbox', conf);
    await eventually('Kannel binds', () => center.state().bound.length === 1, 20_000);
    start('smsbox', conf);
    await eventually(
      'smsbox answers',
      () =>
        fetch(`http://127.0.0.1:${sendsms}/`).then(
          () => true,
          () => false,
        ),
      20_000,
    );
  }, 60_000);

  afterAll(async () => {
    for (const box of boxes.reverse()) {
      const ended = once(box, 'exit');
      box.kill('SIGKILL');
      await ended;
    }
    await center.close();
    await new Promise((resolve) => web?.close(resolve));
    if (directory) await rm(directory, { recursive: true });
  });

  function start(program: string, conf: string): void {
    const box = spawn(findProgram([program])!, ['-v', '1', conf], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [box.stdout, box.stderr])
      stream.on('data', (chunk: Buffer) => (log += chunk.toString('latin1')));
    boxes.push(box);
  }

  async function send(to: string, text: string, extra: Record<string, string> = {}): Promise<void> {
    const dlr = `http://127.0.0.1:${(web.address() as AddressInfo).port}/dlr?type=%d&to=${to}`;
    const query = new URLSearchParams({
      username: 'test',
      password: PASSWORD,
      from: 'NESCO',
      to,
      text,
      charset: 'UTF-8',
      'dlr-mask': '31',
      'dlr-url': dlr,
      ...extra,
    });
    const answer = await fetch(`http://127.0.0.1:${sendsms}/cgi-bin/sendsms?${query.toString()}`);
    expect([answer.status, await answer.text()]).toEqual([202, expect.stringContaining('Accepted') as unknown]);
  }

  const receiptsFor = (to: string): (string | null)[] =>
    told
      .filter(({ pathname, searchParams }) => pathname === '/dlr' && searchParams.get('to') === to)
      .map((each) => each.searchParams.get('type'));

  it('binds as a transceiver of version 3.4, octet for octet', () => {
    expect(center.state().bound).toEqual([{ systemId: 'kannel', as: 'transceiver' }]);
    const text = (value: string): string => `${Buffer.from(value).toString('hex')}00`;
    const body = `${text('kannel')}${text(PASSWORD)}${text('VEND')}34`;
    const [bind, answer] = center.pdus().map(({ hex }) => hex);
    expect(bind!.slice(8)).toMatch(new RegExp(`^0000000900000000[0-9a-f]{8}${body}[0-9a-f]{4}00$`));
    expect(answer!.slice(8)).toBe(`8000000900000000${bind!.slice(24, 32)}${text('SANDBOX')}`);
  });

  it('sends English and Bangla in parts; the phone shows what was written', async () => {
    await send(PHONE, 'Token 1234 [a]');
    await send(PHONE, BANGLA, { coding: '2' });
    await eventually('both shown', () => shown().length === 2);
    // Kannel promises no order between two messages.
    expect(new Set(shown())).toEqual(new Set(['Token 1234 [a]', BANGLA]));
    const parts = center
      .pdus()
      .filter(({ way, hex }) => way === 'in' && /^.{8}00000004.*050003[0-9a-f]{2}0[2-9]0/.test(hex));
    expect(parts.length).toBe(center.phones.messages(PHONE).find(({ text }) => text === BANGLA)!.parts);
    // esm_class 0x43: store and forward, with a header; data_coding 8. One part asks for the receipt of all.
    const asked = parts.map(({ hex }) => /4300000000(00|01|11)000800/.exec(hex)?.[1]);
    expect(asked.filter((each) => each === '00')).toHaveLength(parts.length - 1);
    expect(asked).not.toContain(undefined);
  });

  it('gets a receipt for each, the id in hexadecimal in the answer and in decimal in the receipt', async () => {
    // 8: the SMSC took it; 1: the phone has it.
    await eventually('both told', () => receiptsFor(PHONE).filter((type) => type === '1').length >= 2);
    expect(receiptsFor(PHONE)).toContain('8');
    const failed = '8801700000002';
    play({ receiptState: 'UNDELIV' });
    await send(failed, 'not delivered');
    await eventually('the failure is told', () => receiptsFor(failed).includes('2'));
    play({});
  });

  it.each([
    ['English', 'BAL 040012345'],
    ['Bangla', 'ব্যালেন্স ০৪০০১২৩৪৫'],
  ])('brings a customer’s message in %s, and the answer goes out', async (_, text) => {
    const from = `880180000000${text.length % 10}`;
    center.write('kannel', from, '16603', text);
    await eventually('Kannel has it', () =>
      told.some((each) => each.pathname === '/mo' && each.searchParams.get('text') === text),
    );
    await eventually('the answer is shown', () => shown(from).length === 1);
    expect(shown(from)).toEqual([`Answer to ${text.slice(0, 3)}`]);
  });

  it('is throttled, holds back, and loses nothing', async () => {
    play({ perSecondMax: 3 });
    const phones = Array.from({ length: 8 }, (_, n) => `88019000000${String(n).padStart(2, '0')}`);
    for (const phone of phones) await send(phone, `Token for ${phone}`);
    await eventually('throttled', () => center.state().counts.throttled > 0);
    await eventually('all shown', () => phones.every((phone) => shown(phone).length === 1), 40_000);
    for (const phone of phones) expect(shown(phone)).toEqual([`Token for ${phone}`]);
  }, 60_000);

  it('binds again after the line was cut', async () => {
    center.dropAll();
    await eventually('cut', () => center.state().bound.length === 0);
    await eventually('bound again', () => center.state().bound.length === 1, 30_000);
    expect(log).not.toMatch(/PANIC/);
  }, 40_000);
});

function configuration(at: { admin: number; boxPort: number; sendPort: number; smpp: number; mo: string }): string {
  return `
group = core
admin-port = ${at.admin}
admin-password = ${PASSWORD}
admin-interface = 127.0.0.1
smsbox-port = ${at.boxPort}
box-allow-ip = 127.0.0.1
sms-resend-freq = 1

group = smsc
smsc = smpp
smsc-id = sandbox
host = 127.0.0.1
port = ${at.smpp}
transceiver-mode = true
smsc-username = kannel
smsc-password = ${PASSWORD}
system-type = VEND
enquire-link-interval = 5
reconnect-delay = 1
max-pending-submits = 10
msg-id-type = 0x01

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = ${at.sendPort}
sendsms-interface = 127.0.0.1
global-sender = 16603
mo-recode = true

group = sendsms-user
username = test
password = ${PASSWORD}
concatenation = true
max-messages = 10

group = sms-service
keyword = default
catch-all = yes
accept-x-kannel-headers = true
max-messages = 5
get-url = "${at.mo}&charset=%C"
`;
}

async function freePorts(count: number): Promise<number[]> {
  const probes = Array.from({ length: count }, () => createTcpServer().listen(0, '127.0.0.1'));
  await Promise.all(probes.map((probe) => once(probe, 'listening')));
  const ports = probes.map((probe) => (probe.address() as AddressInfo).port);
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))));
  return ports;
}
