import { Fields } from './fields';

const STRING_OR_NUMBER = /("[^"\\]*(?:\\.[^"\\]*)*")|-?\d[\d.eE+-]*/g;

/**
 * Reads the top level of a JSON object. A number keeps the very digits it was written with: through a float, 500.10 taka
 * would be 500.1 and 0.1 + 0.2 a surprise. What is no text, number or truth value is left out.
 *
 * @returns undefined when the bytes are no JSON object
 * @example readJsonFields(Buffer.from('{"Amount": 500.10}'))?.text('amount') // '500.10'
 */
export function readJsonFields(body: Buffer): Fields | undefined {
  const object = objectOf(body.toString('utf8').replace(/^\uFEFF/, ''));
  if (!object) return undefined;
  const texts = Object.entries(object).filter(([, value]) => typeof value === 'string' || typeof value === 'boolean');
  return new Fields(texts.map(([name, value]) => [name, String(value)]));
}

function objectOf(text: string): object | undefined {
  try {
    JSON.parse(text);
    // It is JSON, so whatever looks like a number outside of a string is one.
    const quoted = text.replace(STRING_OR_NUMBER, (found, string?: string) => string ?? `"${found}"`);
    const value: unknown = JSON.parse(quoted);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
