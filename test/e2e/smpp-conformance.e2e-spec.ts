// Proves that the HTTP gateway, the SMPP gateway and the routes over both keep one contract: the same suite over each,
// against the sandbox's HTTP gateway and its short message centre, with one phone inbox behind them.
import request from 'supertest';
import { LocalPace, RoutedSms, SmppGateway, SmsHttpV3Gateway, type SmsRoute } from '@vend/sms';
import { conformsToSmsGateway, type GatewayWorld } from '../../libs/sms/sms-gateway.conformance';
import { sandboxFiles, startSandbox } from './sandbox-support';
import { linkTo, PASSWORD } from './smpp-support';

async function openSandbox() {
  const files = await sandboxFiles();
  const sandbox = await startSandbox({ ...files.config, smppPort: 0 });
  const put = (path: string, body: object) => request(sandbox.url).put(path).send(body);
  const shown = async (msisdn: string): Promise<string[]> => {
    const { body } = await request(sandbox.url).post('/phones/messages').send({ msisdn }).expect(200);
    return (body as { messages: { text: string }[] }).messages.map(({ text }) => text);
  };
  const close = async (): Promise<void> => {
    await sandbox.app.close();
    await files.remove();
  };
  return { url: sandbox.url, put, shown, close };
}

async function openHttpWorld(): Promise<GatewayWorld> {
  const { url, put, shown, close } = await openSandbox();
  const gateway = new SmsHttpV3Gateway({
    baseUrl: `${url}/sms`,
    apiToken: 'an-invented-token',
    sid: 'NESCO',
    timeoutMs: 2500,
  });
  const MODES = { healthy: 'none', silent: 'timeout-after-accept', throttled: 'throttle', down: 'down' } as const;
  return {
    gateway,
    secret: 'an-invented-token',
    shown,
    play: async (mode) => void (await put('/sms/faults', { mode: MODES[mode] }).expect(200)),
    close: async () => {
      await gateway.close();
      await close();
    },
  };
}

async function openSmppWorld(): Promise<GatewayWorld> {
  const { url, put, shown, close } = await openSandbox();
  const state = await request(url).get('/smsc/state').expect(200);
  const { port } = state.body as { port: number };
  const gateway = new SmppGateway({
    links: [linkTo(port, { responseTimeoutMs: 2500, windowSize: 50 })],
    maxWaitMs: 6000,
  });
  const FAULTS = { healthy: {}, silent: { silent: 1 }, throttled: { queueFull: 1 }, down: {} } as const;
  return {
    gateway,
    secret: PASSWORD,
    shown,
    play: async (mode) => {
      await put('/smsc/faults', FAULTS[mode]).expect(200);
      await put('/smsc/accounts', mode === 'down' ? [] : [{ systemId: 'vend', password: PASSWORD }]).expect(204);
      if (mode === 'down') await request(url).post('/smsc/drop').expect(204);
    },
    close: async () => {
      await gateway.close();
      await close();
    },
  };
}

/** Numbers that begin with the conformance suite's usual one go over SMPP first, others by HTTP. */
async function openRoutedWorld(): Promise<GatewayWorld> {
  const { url, put, shown, close } = await openSandbox();
  const state = await request(url).get('/smsc/state').expect(200);
  const { port } = state.body as { port: number };
  const apiToken = 'an-invented-token';
  const http = new SmsHttpV3Gateway({ baseUrl: `${url}/sms`, apiToken, sid: 'NESCO', timeoutMs: 2500 });
  const smpp = new SmppGateway({
    links: [linkTo(port, { responseTimeoutMs: 2500, windowSize: 50 })],
    maxWaitMs: 6000,
  });
  const usual = { prefixes: [], costPaisa: 30, priority: 0, maxPerSecond: null };
  const routes: SmsRoute[] = [
    { ...usual, code: 'smpp', gateway: smpp, prefixes: ['8801700000001'] },
    { ...usual, code: 'http', gateway: http },
  ];
  const gateway = new RoutedSms({ pace: new LocalPace() });
  gateway.use(routes);
  const HTTP = { healthy: 'none', silent: 'timeout-after-accept', throttled: 'throttle', down: 'down' } as const;
  const SMPP = { healthy: {}, silent: { silent: 1 }, throttled: { queueFull: 1 }, down: {} } as const;
  return {
    gateway,
    secret: apiToken,
    shown,
    play: async (mode) => {
      await put('/sms/faults', { mode: HTTP[mode] }).expect(200);
      await put('/smsc/faults', SMPP[mode]).expect(200);
      await put('/smsc/accounts', mode === 'down' ? [] : [{ systemId: 'vend', password: PASSWORD }]).expect(204);
      if (mode === 'down') await request(url).post('/smsc/drop').expect(204);
    },
    close: async () => {
      await gateway.close();
      await close();
    },
  };
}

describe('the HTTP gateway', () => conformsToSmsGateway(openHttpWorld));
describe('the SMPP gateway', () => conformsToSmsGateway(openSmppWorld));
describe('routes over both', () => conformsToSmsGateway(openRoutedWorld));
