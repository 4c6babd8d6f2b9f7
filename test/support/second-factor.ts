import { totpCode } from '@vend/identity';

const STEP_MS = 30_000;

/** A second factor of a test: 160 bits of nobody's. */
export const TEST_TOTP_SECRET = 'KRSXG5BAONSWG4TFOQQHG2LHMRSWC3TU';

/**
 * Logs in with a code of the second factor, whoever has just used the present one: a code counts once, and one step of
 * drift is allowed, so three logins within half a minute are possible.
 *
 * @param login tries one code. @returns the first answer that is no refusal of the code
 * @example const answer = await withCode(secret, (code) => world.request('POST', '/v1/sessions', { username, password, code }));
 */
export async function withCode<Answer extends { status: number; body: { code?: string } }>(
  secret: string,
  login: (code: string) => Promise<Answer>,
): Promise<Answer> {
  const now = Date.now();
  let answer: Answer | undefined;
  for (const steps of [-1, 0, 1]) {
    answer = await login(totpCode(secret, now + steps * STEP_MS));
    if (answer.body?.code !== 'second-factor-refused') break;
  }
  return answer!;
}
