import type { Redis } from 'ioredis';
import type { SmsMessageClass } from '../sms-gateway';
import { allowancesOf, LocalPace, type Leave, type RateLimits, type SmsPace } from './pace';

/** `leaveOf` and its payment in one step, by Redis's own clock; the hash tag keeps all keys in one slot of a cluster. */
const SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local wanted = tonumber(ARGV[1])
local granted = wanted
local paid = {}
for i = 1, #KEYS do
  local each, ahead = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  paid[i] = math.max(tonumber(redis.call('GET', KEYS[i]) or '0'), now)
  granted = math.min(granted, math.max(0, math.floor((ahead - (paid[i] - now)) / each + 0.000001)))
end
local wait = 0
for i = 1, #KEYS do
  local each, ahead = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  if granted < wanted then wait = math.max(wait, paid[i] + (granted + 1) * each - ahead - now) end
  if granted > 0 then
    redis.call('SET', KEYS[i], string.format('%.3f', paid[i] + granted * each), 'PX', math.ceil(ahead + each + 60000))
  end
end
if granted < wanted then wait = math.max(1, math.ceil(wait)) end
return { granted, wait }
`;

const KEY_PREFIX = '{vend}:sms-pace:';
const ANSWER_MS = 500;

/**
 * One pace for all processes, as far as Redis lives; without it each keeps the same pace for itself, so that messages go
 * on. Nothing is lost with Redis but the memory of the last second.
 *
 * @example const pace = new RedisPace(redis); await pace.take({ gateway: 'a', maxPerSecond: 50 }, 'token', 10)
 */
export class RedisPace implements SmsPace {
  private readonly alone = new LocalPace();

  constructor(private readonly redis: Redis) {}

  async take(limits: RateLimits, messageClass: SmsMessageClass, wanted: number): Promise<Leave> {
    if (this.redis.status !== 'ready') return this.alone.take(limits, messageClass, wanted);
    const allowances = allowancesOf(limits, messageClass);
    const keys = allowances.map(({ key }) => KEY_PREFIX + key);
    const figures = allowances.flatMap(({ eachMs, aheadMs }) => [eachMs, aheadMs]);
    try {
      const asked = this.redis.eval(SCRIPT, keys.length, ...keys, wanted, ...figures) as Promise<[number, number]>;
      const [granted, waitMs] = await answerOf(asked);
      return { granted, waitMs };
    } catch {
      return this.alone.take(limits, messageClass, wanted);
    }
  }
}

/** A lost connection would be waited for without end. */
async function answerOf<T>(asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Redis did not answer')), ANSWER_MS);
  });
  asked.catch(() => undefined);
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
