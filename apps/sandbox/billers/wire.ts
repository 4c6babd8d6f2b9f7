import { formatInstant } from '@vend/kernel';
import type { DialectAnswer, DialectCall, Heard, Meaning } from './dialect';

export function jsonCall(path: string, body: object, headers: Readonly<Record<string, string>> = {}): DialectCall {
  const text = JSON.stringify(body);
  return { method: 'POST', path, headers: { 'content-type': 'application/json', ...headers }, body: text };
}

/** A form as browsers and phones send it, its parts in order. */
export function multipartCall(path: string, fields: Readonly<Record<string, string>>): DialectCall {
  const boundary = '----sandbox-7d1f0c2a';
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return {
    method: 'POST',
    path,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: `${parts.join('')}--${boundary}--\r\n`,
  };
}

export function basic(name: string | undefined, password: string | undefined): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` };
}

/** The object that an answer is, its keys in lower case and without joints; undefined when it is none. */
export function objectOf({ body }: DialectAnswer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key.toLowerCase().replace(/_/g, ''), each]));
  } catch {
    return undefined;
  }
}

/** Nothing that the contract has a word for. */
export const UNCLEAR: Heard = { meaning: 'unclear', code: null, tokens: [] };

/** What was heard when an answer has no token in it. */
export function heard(meaning: Meaning, code: string, tokens: readonly string[] = []): Heard {
  return { meaning, code, tokens };
}

/** The digits of the tokens in a text that shows them in groups. */
export function tokensIn(text: unknown): string[] {
  if (typeof text !== 'string') return [];
  return (text.match(/\d{4}(?:[- ]?\d{4}){4}/g) ?? []).map((token) => token.replace(/\D/g, ''));
}

/** Dhaka's clock, yyyyMMddHHmmss. */
export function compactClock(at: number): string {
  return formatInstant(at).slice(0, 19).replace(/\D/g, '');
}

/** Dhaka's clock, YYYY-MM-DD HH:mm:ss. */
export function plainClock(at: number): string {
  return formatInstant(at).slice(0, 19).replace('T', ' ');
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Dhaka's clock as in `29-Aug-2021 04:18:32 AM`. */
export function wordyClock(at: number): string {
  const [date, time] = plainClock(at).split(' ') as [string, string];
  const [year, month, day] = date.split('-');
  const hour = Number(time.slice(0, 2));
  const twelve = String(hour % 12 || 12).padStart(2, '0');
  return `${day}-${MONTHS[Number(month) - 1]}-${year} ${twelve}${time.slice(2)} ${hour < 12 ? 'AM' : 'PM'}`;
}
