// Proves our SMPP client against an SMSC that nobody here wrote: the example of Debian's libnet-smpp-perl. What it read
// is compared with what we meant, and the octets between them with the specification's layout.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, connect, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SmppGateway } from '@vend/sms';
import { findProgram } from '../../docker/launcher/programs';
import { describeWith, missingSoftware } from '../support/debian-packages';
import { eventually, linkTo, PASSWORD } from './smpp-support';

const EXAMPLE = '/usr/share/doc/libnet-smpp-perl/examples/smsc.pl';
const missing = missingSoftware(['perl', EXAMPLE], ['libnet-smpp-perl']);

describeWith(missing, 'our client and the SMSC of Net::SMPP', () => {
  let directory: string;
  let smsc: ChildProcess;
  let relay: Server;
  let said = '';
  /** Every octet between the two, as hexadecimal. */
  let toSmsc = '';
  let fromSmsc = '';

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'net-smpp-'));
    const port = await freePort();
    // The example as it is, but for its port and its own wish to tell what it read.
    const program = (await readFile(EXAMPLE, 'utf8'))
      .replace('$port = 9900;', `$port = ${port};`)
      .replace('$trace = 0;', '$trace = 1;');
    await writeFile(join(directory, 'smsc.pl'), program);
    smsc = spawn(findProgram(['perl'])!, [join(directory, 'smsc.pl'), '3'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [smsc.stdout!, smsc.stderr!])
      stream.on('data', (chunk: Buffer) => (said += chunk.toString('latin1')));
    await eventually('the example listens', () => said.includes('Entering accept loop'));
    relay = createServer((left) => {
      const right = connect(port, '127.0.0.1');
      left.on('data', (chunk) => (toSmsc += chunk.toString('hex')));
      right.on('data', (chunk) => (fromSmsc += chunk.toString('hex')));
      left.pipe(right).pipe(left);
      for (const socket of [left, right]) socket.on('error', () => [left, right].forEach((each) => each.destroy()));
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    // The example forks a child for each connection: the whole group, by its own id.
    process.kill(-smsc.pid!, 'SIGKILL');
    await new Promise((resolve) => relay.close(resolve));
    await rm(directory, { recursive: true });
  });

  const gatewayAs = (bindAs: 'transceiver' | 'transmitter'): SmppGateway =>
    new SmppGateway({
      links: [linkTo((relay.address() as AddressInfo).port, { bindAs, enquireLinkMs: 50, responseTimeoutMs: 5000 })],
    });

  it.each(['transceiver', 'transmitter'] as const)('binds as %s, submits, enquires and unbinds', async (bindAs) => {
    toSmsc = fromSmsc = '';
    const gateway = gatewayAs(bindAs);
    await eventually('bound', () => gateway.health()[0]!.bound === 1);
    const text = 'টোকেন 1234-5678-9012-3456-7890 ' + 'ক্ষ'.repeat(30);
    const outcomes = await gateway.sendMany([
      { csmsId: 'english', msisdn: '8801700000001', text: 'Token 1234 [a] €5' },
      { csmsId: 'bangla', msisdn: '8801700000002', text },
    ]);
    expect(outcomes).toEqual([
      { csmsId: 'english', kind: 'accepted', referenceId: '123456789' },
      { csmsId: 'bangla', kind: 'accepted', referenceId: '123456789' },
    ]);
    await eventually('enquire_link is answered', () => fromSmsc.includes('0000001080000015'));
    await gateway.close();
    await eventually('unbind is answered', () => fromSmsc.includes('0000001080000006'));

    const sent = framesOf(toSmsc);
    const hexText = (value: string): string => `${Buffer.from(value).toString('hex')}00`;
    // 4.1.5 and 4.1.1: system_id, password, system_type, interface_version, addr_ton, addr_npi, address_range.
    const bindId = bindAs === 'transceiver' ? '00000009' : '00000002';
    expect(sent[0]).toBe(frame(bindId, 1, `${hexText('vend')}${hexText(PASSWORD)}00${'34'}0000${'00'}`));
    // 4.4.1: service_type, source (5, 0, NESCO), destination (1, 1, number), esm_class, protocol_id, priority_flag,
    // schedule, validity, registered_delivery, replace, data_coding, sm_default_msg_id, sm_length, short_message.
    const english = '546f6b656e2031323334201b3c611b3e201b6535';
    expect(sent).toContainEqual(
      frame(
        '00000004',
        sequenceOf(sent, english),
        `00 0500${hexText('NESCO')} 0101${hexText('8801700000001')} 000000 00 00 01 00 00 00 14 ${english}`,
      ),
    );
    const parts = sent.filter((each) => each.includes(hexText('8801700000002')));
    expect(parts).toHaveLength(2);
    const udh = parts.map((each) => /0040000000000100080[08][0-9a-f]{2}050003([0-9a-f]{2})02(0[12])/.exec(each));
    expect(udh.map((found) => found?.[2]).sort()).toEqual(['01', '02']);
    expect(udh[0]![1]).toBe(udh[1]![1]);

    // What Net::SMPP made of it.
    expect(said).toMatch(/'destination_addr' => '8801700000001'/);
    expect(said).toMatch(/'source_addr' => 'NESCO'/);
    expect(said).toMatch(/'data_coding' => 8/);
    expect(said).toMatch(/'esm_class' => 64/);
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

function framesOf(stream: string): string[] {
  const frames: string[] = [];
  for (let at = 0; at < stream.length;) {
    const end = at + parseInt(stream.slice(at, at + 8), 16) * 2;
    frames.push(stream.slice(at, end));
    at = end;
  }
  return frames;
}

function frame(command: string, sequence: number, body: string): string {
  const octets = body.replace(/\s/g, '');
  const length = (16 + octets.length / 2).toString(16).padStart(8, '0');
  return `${length}${command}00000000${sequence.toString(16).padStart(8, '0')}${octets}`;
}

function sequenceOf(frames: readonly string[], content: string): number {
  return parseInt(frames.find((each) => each.includes(content))!.slice(24, 32), 16);
}
