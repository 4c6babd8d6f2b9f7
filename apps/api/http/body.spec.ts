/* Proves, on a real server, that what other companies send stays the bytes that came, whatever its content type says, and that every other route reads JSON alone. */
import { pino } from 'pino';
import { isDomainError } from '@vend/kernel';
import { rawBodyOf } from './body';
import { createAdapter, prepareServer } from './server';

const instance = createAdapter().getInstance();
beforeAll(() => {
  prepareServer(instance, pino({ enabled: false }));
  for (const url of ['/v1/billers/:provider/*', '/v1/callbacks/gateways/:provider', '/v1/checkout/return/:provider']) {
    instance.post(url, (request) => {
      const raw = rawBodyOf(request);
      return { type: request.headers['content-type'] ?? null, hex: raw ? raw.toString('hex') : 'too large' };
    });
  }
  instance.post('/v1/other', (request) => Promise.resolve(request.body));
  instance.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const code = isDomainError(error) ? error.code : '';
    void reply.status(error.statusCode ?? 500).send({ code });
  });
  return instance.ready();
});
afterAll(() => instance.close());

async function post(url: string, payload: Buffer | undefined, type?: string) {
  const headers = type === undefined ? {} : { 'content-type': type };
  const answer = await instance.inject({ method: 'POST', url, headers, ...(payload && { payload }) });
  return { status: answer.statusCode, body: JSON.parse(answer.payload) as unknown };
}

const BYTES = Buffer.from('{ "a": 1,\r\n"a": 2 \xff', 'latin1');

it.each([
  ['application/json'],
  ['application/json; charset=utf-8'],
  ['text/plain; charset=UTF-8'],
  ['multipart/form-data; boundary=x'],
  ['application/x-www-form-urlencoded'],
  ['text/csv'],
  ['no content type at all'],
  [undefined],
])('leaves the bytes of %s as they came', async (type) => {
  for (const url of ['/v1/billers/a/api/pay', '/v1/callbacks/gateways/a', '/v1/checkout/return/a']) {
    expect(await post(url, BYTES, type)).toEqual({
      status: 200,
      body: { type: type ?? null, hex: BYTES.toString('hex') },
    });
  }
});

it('knows an empty body, and stops keeping what is larger than 64 KB', async () => {
  expect((await post('/v1/billers/a/b', undefined)).body).toMatchObject({ hex: '' });
  expect((await post('/v1/billers/a/b', Buffer.alloc(65_536))).body).toMatchObject({ hex: '00'.repeat(65_536) });
  expect((await post('/v1/billers/a/b', Buffer.alloc(65_537), 'application/json')).body).toMatchObject({
    hex: 'too large',
  });
});

it('reads JSON alone anywhere else, though it says it were raw', async () => {
  expect(await post('/v1/other', Buffer.from('{"a":1}'), 'application/json')).toEqual({ status: 200, body: { a: 1 } });
  expect((await post('/v1/other', BYTES, 'text/plain')).status).toBe(415);
  expect((await post('/v1/other', BYTES, 'application/x-raw')).body).toEqual({ code: 'content-type-unsupported' });
});
