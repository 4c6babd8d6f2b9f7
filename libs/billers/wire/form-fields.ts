import { Busboy } from '@fastify/busboy';
import { Fields } from './fields';

const LIMITS = { fields: 64, parts: 64, files: 0, fieldSize: 4_096, fieldNameSize: 100, headerPairs: 32 };

/**
 * Reads a form: multipart/form-data or application/x-www-form-urlencoded. Files in it are passed over.
 *
 * @returns undefined when the body is no such form, is cut off, or has more or longer fields than any contract asks for
 * @example (await readFormFields('application/x-www-form-urlencoded', Buffer.from('Amount=500.10')))?.text('amount')
 */
export async function readFormFields(contentType: string, body: Buffer): Promise<Fields | undefined> {
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase();
  if (type === 'application/x-www-form-urlencoded') return new Fields(new URLSearchParams(body.toString('utf8')));
  if (type !== 'multipart/form-data') return undefined;
  const entries = await multipartEntries(contentType, body);
  return entries && new Fields(entries);
}

function multipartEntries(contentType: string, body: Buffer): Promise<[string, string][] | undefined> {
  return new Promise((resolve) => {
    const entries: [string, string][] = [];
    const nothing = (): void => resolve(undefined);
    try {
      const parser = new Busboy({ headers: { 'content-type': contentType }, limits: LIMITS });
      parser.on('field', (name: string, value: string, nameCut: boolean, valueCut: boolean) => {
        if (nameCut || valueCut) nothing();
        entries.push([name, value]);
      });
      parser.on('file', (_name, stream) => void stream.resume());
      parser.on('fieldsLimit', nothing);
      parser.on('partsLimit', nothing);
      parser.on('error', nothing);
      parser.on('finish', () => resolve(entries));
      parser.end(body);
    } catch {
      // It has no boundary.
      nothing();
    }
  });
}
