// Proves who may talk to the token server and in what form: real gRPC over mutual TLS, with certificates and messages as strangers would send them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { credentials, loadPackageDefinition, status } from '@grpc/grpc-js';
import type { ChannelCredentials, Client, ServiceClientConstructor, ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import type { GrpcTokenIssuer } from '@vend/issuer';
import { TokenServerUnavailable } from '@vend/vending';
import { TestAuthority } from '../support/certificates';
import type { TlsFiles } from '../support/certificates';
import { DEADLINE_MS, EA07, EA11, TokenServerWorld } from '../support/token-server-world';

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

/** Asks without our client: what a stranger or a faulty program would send. */
function askRaw(credentials: ChannelCredentials, method: string, message: object): Promise<Record<string, unknown>> {
  const proto = join(__dirname, '../../proto');
  const definition = loadSync('vend/token/v1/token_server.proto', { includeDirs: [proto], longs: String });
  const { vend } = loadPackageDefinition(definition) as unknown as {
    vend: { token: { v1: { TokenServer: ServiceClientConstructor } } };
  };
  const raw = new vend.token.v1.TokenServer(world.settings.address, credentials) as unknown as Client &
    Record<
      string,
      (
        message: object,
        options: object,
        done: (error: ServiceError | null, answer: Record<string, unknown>) => void,
      ) => void
    >;
  return new Promise<Record<string, unknown>>((resolve, reject) => {
    raw[method]!(message, { deadline: Date.now() + DEADLINE_MS }, (error, answer) => {
      raw.close();
      if (error) reject(error);
      else resolve(answer);
    });
  });
}

function ourCredentials(): ChannelCredentials {
  const [ca, key, cert] = [world.client.caFile, world.client.keyFile, world.client.certFile].map((path) =>
    readFileSync(path),
  );
  return credentials.createSsl(ca, key, cert);
}

describe('callers', () => {
  it.each<[string, () => TlsFiles]>([
    [
      'of another authority',
      () => ({ ...new TestAuthority('stranger').filesFor('api', world.folder), caFile: world.client.caFile }),
    ],
    [
      'that trust another authority',
      () => ({ ...world.client, caFile: new TestAuthority('stranger').filesFor('x', world.folder).caFile }),
    ],
  ])('%s get nothing', async (_who, tls) => {
    const stranger = world.issuer({ tls: tls() });
    await expect(stranger.issueCredit([world.request(EA11)], DEADLINE_MS)).rejects.toThrow(TokenServerUnavailable);
    stranger.close();
  });
});

describe('callers without a certificate', () => {
  it.each<[string, () => ChannelCredentials]>([
    ['over TLS', () => credentials.createSsl(readFileSync(world.client.caFile))],
    ['in plain text', () => credentials.createInsecure()],
  ])('%s get nothing', async (_how, stranger) => {
    await expect(askRaw(stranger(), 'getStatus', {})).rejects.toMatchObject({ code: status.UNAVAILABLE });
  });
});

describe('faulty messages', () => {
  const meter = {
    meterPan: EA11.pan,
    ea: 11,
    tct: 2,
    sgc: '201457',
    krn: 1,
    ti: '01',
    kt: 2,
    ken: 255,
    baseDate: 2014,
  };
  const good = { requestId: 'raw-good', meter, subclass: 0, tid: 0x64e700, rnd: 1, amountUnits: '10' };

  it.each<[string, object, string]>([
    ['no meter', { ...good, meter: null }, 'request-malformed'],
    ['an id with blanks', { ...good, requestId: 'Mr X 017' }, 'request-malformed'],
    ['no id', { ...good, requestId: '' }, 'request-malformed'],
    ['EA09', { ...good, meter: { ...meter, ea: 9 } }, 'meter-identity-invalid'],
    ['key type 4', { ...good, meter: { ...meter, kt: 4 } }, 'meter-identity-invalid'],
    ['base date 2025', { ...good, meter: { ...meter, baseDate: 2025 } }, 'meter-identity-invalid'],
    ['a magnetic card', { ...good, meter: { ...meter, tct: 1 } }, 'token-carrier-unsupported'],
    ['water', { ...good, subclass: 1 }, 'subclass-unsupported'],
    ['a negative amount', { ...good, requestId: 'raw-negative', amountUnits: '-1' }, 'amount-out-of-range'],
    ['an empty message', {}, 'request-malformed'],
  ])('with %s are refused as a member', async (_what, member, code) => {
    const answer = await askRaw(ourCredentials(), 'issueCredit', { requests: [member, good] });
    const outcomes = answer['outcomes'] as { error?: { code: string }; ok?: object }[];
    expect(outcomes[0]!.error).toMatchObject({ code, message: expect.stringMatching(/^[A-Z].*\.$/) as string });
    expect(outcomes[1]!.ok).toBeDefined();
  });

  it.each([0, 1025])('with %i members are refused as a whole', async (members) => {
    const requests = Array.from({ length: members }, () => good);
    const refused = askRaw(ourCredentials(), 'issueCredit', { requests });
    await expect(refused).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  });
});

describe('verify and status over the wire', () => {
  const meter = { meterPan: EA07.pan, ea: 7, tct: 2, sgc: '123456', krn: 1, ti: '01', kt: 2, ken: 255, baseDate: 2014 };

  it('reads a token back for its meter and says whose it is not', async () => {
    const [outcome] = await issuer.issueCredit([world.request(EA07, { tid: 0x64e800 })], DEADLINE_MS);
    if (!outcome?.ok) throw new Error(outcome?.code);
    const question = { requestId: 'verify-1', meter, tokenDec: outcome.digits };
    expect(await askRaw(ourCredentials(), 'verify', question)).toMatchObject({
      requestId: 'verify-1',
      ok: { tokenClass: 0, subclass: 0, tid: 0x64e800, amountUnits: '256', sampleTables: true },
    });
    const other = { ...question, meter: { ...meter, meterPan: EA11.pan } };
    expect(await askRaw(ourCredentials(), 'verify', other)).toMatchObject({ error: { code: 'token-not-authentic' } });
  });

  it('shows keys by attributes and check value only', async () => {
    const answer = await askRaw(ourCredentials(), 'getStatus', {});
    expect(answer['modules']).toEqual([
      {
        kind: 'software',
        keys: ['123456', '201457'].map((sgc) => ({
          sgc,
          krn: 1,
          kind: 'VUDK',
          dkga: sgc === '123456' ? 2 : 4,
          baseDate: 2014,
          ken: 255,
          kcv: expect.stringMatching(/^[0-9A-F]{6}$/) as string,
          expiresAt: '',
          daysLeft: -1,
          state: 'active',
        })),
      },
    ]);
  });
});

describe('status', () => {
  it('warns of the sample tables', async () => {
    expect(await issuer.status(DEADLINE_MS)).toMatchObject({
      staTables: 'iec-sample',
      warnings: [expect.stringContaining('not for real meters')],
    });
  });
});
