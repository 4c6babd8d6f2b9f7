import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import type { ProviderFaults } from './provider-faults';

/** What a gateway's server answers on a good day. */
export interface PlayedAnswer {
  readonly status?: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const SLOW_MS = 700;
const ERROR_PAGE = '<!doctype html><html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';

/**
 * Answers as a gateway's server does, on good days and bad ones: in every fault but `down` and `error-in-200` the work is
 * done before anything goes wrong.
 *
 * @param errorIn200 what its own error inside HTTP 200 looks like; undefined: it has none
 * @example await answerAsPlayed(faults, 'demo-bkash', reply, () => bkash.execute(body), { statusCode: '2003' });
 */
export async function answerAsPlayed(
  faults: ProviderFaults,
  provider: string,
  reply: FastifyReply,
  work: () => PlayedAnswer | Promise<PlayedAnswer>,
  errorIn200?: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (faults.happens(provider, 'down')) return breakOff(reply);
  if (faults.happens(provider, 'slow')) await pause(SLOW_MS);
  if (errorIn200 && faults.happens(provider, 'error-in-200')) return void (await reply.status(200).send(errorIn200));
  const { status = 200, body } = await work();
  if (faults.happens(provider, 'no-answer')) return void reply.hijack();
  if (faults.happens(provider, 'answer-lost')) return breakOff(reply);
  if (faults.happens(provider, 'failed-but-done')) return void (await reply.status(500).send());
  if (faults.happens(provider, 'html-page')) return void (await reply.status(200).type('text/html').send(ERROR_PAGE));
  if (faults.happens(provider, 'empty-answer'))
    return void (await reply.status(status).type('application/json').send(''));
  const said = faults.happens(provider, 'odd-json') ? { traceId: 'a-1', ...oddly(body), extra: { more: [1] } } : body;
  await reply.status(status).type('application/json').send(JSON.stringify(said));
}

/** Amounts as numbers: `500.00` is 500. */
function oddly(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const odd = ([name, value]: [string, unknown]) => [name, name === 'amount' ? Number(value) : value] as const;
  return Object.fromEntries(Object.entries(body).map(odd));
}

function breakOff(reply: FastifyReply): void {
  reply.hijack();
  reply.raw.destroy();
}
