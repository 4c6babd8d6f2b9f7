import { DomainError } from '@vend/kernel';
import type { Provider } from '@vend/payments';
import type { CheckoutErrorCode } from './checkout.errors';
import { z } from 'zod';

/** How long a gateway has for one call, when its row does not say: the published advice of bKash. */
const DEFAULT_TIMEOUT_MS = 30_000;
const LOOPBACK = new Set(['127.0.0.1', '[::1]']);

/** Milliseconds, as a row has them. */
export const timeoutSetting = z
  .string()
  .regex(/^\d{3,6}$/)
  .transform(Number)
  .pipe(z.number().min(100).max(120_000))
  .default(DEFAULT_TIMEOUT_MS);

/** An address without a slash at its end; https, but for a simulator on this machine or in its own network of containers. */
export const urlSetting = z
  .url({ protocol: /^https?$/ })
  .refine((text) => text.startsWith('https:') || isOfThisMachine(new URL(text).hostname))
  .transform((text) => text.replace(/\/+$/, ''));

function isOfThisMachine(host: string): boolean {
  return LOOPBACK.has(host) || /^[a-z][a-z0-9-]*$/.test(host);
}

/** An address as above, or one without TLS where a gateway has no other (Nagad's own test system). */
export const plainUrlSetting = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''));

/** What is secret is not empty, and fits into a header. */
export const credential = z.string().regex(/^[\x20-\x7e]{1,500}$/);

/**
 * Reads what a contract needs out of a provider's row.
 *
 * @throws {DomainError} provider-misconfigured, naming the settings and never a value
 * @example const { baseUrl } = readSettings(provider, z.object({ baseUrl: urlSetting }), z.object({}));
 */
export function readSettings<S extends z.ZodType, C extends z.ZodType>(
  provider: Provider,
  settings: S,
  credentials: C,
): z.output<S> & z.output<C> {
  const said = settings.safeParse(provider.settings);
  const secret = credentials.safeParse(provider.credentials);
  if (said.success && secret.success) return { ...(said.data as object), ...(secret.data as object) } as never;
  const issues = [...(said.error?.issues ?? []), ...(secret.error?.issues ?? [])];
  const fields = [...new Set(issues.map(({ path }) => path.join('.')))].join(', ');
  throw new DomainError<CheckoutErrorCode>('provider-misconfigured', { provider: provider.code, fields });
}
