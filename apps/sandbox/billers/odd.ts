import type { DialectCall } from './dialect';

/** The same call as another version of the company's software makes it: keys in another case, extra keys, numbers as strings. */
export function oddly(call: DialectCall): DialectCall {
  const body = call.body.toString();
  const type = call.headers['content-type'] ?? '';
  if (type.includes('json')) return { ...call, body: oddJson(body) };
  if (type.includes('urlencoded')) return { ...call, body: oddXml(body) };
  if (!type.startsWith('multipart/')) return call;
  const [boundary] = body.split('\r\n', 1);
  const extra = `${boundary}\r\nContent-Disposition: form-data; name="appVersion"\r\n\r\n9.1\r\n`;
  return {
    ...call,
    body: extra + body.replace(/ name="(\w+)"/g, (_, name: string) => ` name="${name.toUpperCase()}"`),
  };
}

/** A form with one document in it. */
function oddXml(body: string): string {
  const xml = new URLSearchParams(body).get('reqXml') ?? '';
  const odd = xml.replace(/<(\/?)(\w+)>/g, (_, slash: string, name: string) => `<${slash}o:${name.toUpperCase()}>`);
  return new URLSearchParams({
    APPVERSION: '9.1',
    REQXML: odd.replace('<o:REQUEST', '<o:REQUEST xmlns:o="urn:o"'),
  }).toString();
}

function oddJson(body: string): string {
  const entries = Object.entries(JSON.parse(body) as Record<string, unknown>);
  const texts = entries.map(([key, value]) => [key.toUpperCase(), typeof value === 'number' ? String(value) : value]);
  return JSON.stringify({ APPVERSION: 9.1, device: { model: 'X1', rooted: false }, ...Object.fromEntries(texts) });
}
