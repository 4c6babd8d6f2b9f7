import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { totpCode } from '@vend/identity';
import { z } from 'zod';

/**
 * `npm run -s code -- selim`: the present code of a demo person's second factor, as the phone would show it. Reads the
 * development secrets of this checkout; a real person's secret is on that person's phone alone.
 */
const LOGINS = z.array(z.object({ username: z.string(), totpSecret: z.string().optional() }));

function main(username: string | undefined): string {
  const file = process.env['LOGINS_FILE'] ?? join('.local', 'secrets', 'logins.json');
  const people = LOGINS.parse(JSON.parse(readFileSync(file, 'utf8')));
  const known = people.filter(({ totpSecret }) => totpSecret !== undefined).map((person) => person.username);
  const secret = people.find((person) => person.username === username)?.totpSecret;
  if (secret === undefined) throw new Error(`usage: npm run -s code -- <${known.join(' | ')}>`);
  return totpCode(secret, Date.now());
}

try {
  console.log(main(process.argv[2]));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
