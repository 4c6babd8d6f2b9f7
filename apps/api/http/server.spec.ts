/* Proves whose word about a caller's address is taken, by asking a real server of this kind what address it saw. */
import { createAdapter } from './server';

async function seenAddress(trusted: readonly string[], from: string): Promise<string> {
  const instance = createAdapter(trusted).getInstance();
  instance.get('/ip', (request) => Promise.resolve({ ip: request.ip }));
  const headers = { 'x-forwarded-for': '198.51.100.7' };
  const answer = await instance.inject({ method: 'GET', url: '/ip', headers, remoteAddress: from });
  await instance.close();
  return (JSON.parse(answer.payload) as { ip: string }).ip;
}

it.each([
  ['nobody is trusted', [], '10.0.0.1', '10.0.0.1'],
  ['the proxy is trusted', ['10.0.0.1'], '10.0.0.1', '198.51.100.7'],
  ['its network is trusted', ['10.0.0.0/8'], '10.9.9.9', '198.51.100.7'],
  ['another proxy is trusted', ['10.0.0.1'], '203.0.113.5', '203.0.113.5'],
])('when %s', async (_, trusted, from, expected) => {
  expect(await seenAddress(trusted, from)).toBe(expected);
});
