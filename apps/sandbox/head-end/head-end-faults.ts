import { z } from 'zod';

/** What the head-end plays. Whatever it is, the same load is worked once. */
const HEAD_END_MODES = [
  'none', // takes, loads, says so once
  'down', // the connection breaks
  'slow', // loads and says so, and only then answers the push: the acknowledgement is early
  'busy', // 429
  'refuse', // does not serve this meter
  'meter-off', // takes, and says that the meter cannot be reached
  'lose-answer', // takes, loads, says so, and never answers the push
  'lose-callback', // takes and loads, and says nothing until asked
  'twice', // says so twice, and once more under another id
  'contradict', // says so, and then that it failed
] as const;
export type HeadEndMode = (typeof HEAD_END_MODES)[number];

export const headEndFaultSetting = z.strictObject({
  mode: z.enum(HEAD_END_MODES),
  /** How long `slow` takes to answer. */
  delayMs: z.number().int().min(1).max(120_000).default(2_000),
});
export type HeadEndFaultSetting = Readonly<z.output<typeof headEndFaultSetting>>;
