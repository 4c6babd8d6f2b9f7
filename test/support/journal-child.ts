// A process that writes a journal until it is killed: node journal-child.js <settings file> <first number>.
// Every making of a token gives other digits, so an id that was made twice shows two answers.
import { createPrivateKey, randomBytes, randomInt } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import { DomainError } from '@vend/kernel';
import { tokenFingerprint, TokenJournal } from '../../libs/keystore/journal';
import type { Ask, Made } from '../../libs/keystore/journal';

/** What the child is started with, as a file: keys are not arguments. */
export interface JournalChildSettings {
  readonly directory: string;
  readonly checkpointDirectory: string;
  readonly signingKeyPem: string;
  readonly resultsKeyHex: string;
  readonly callers: number;
  readonly groupSize: number;
  /** Stops by itself after so many tokens; 0: never. */
  readonly tokens: number;
  readonly partEntries: number;
  readonly segmentBytes: number;
}

const REPEAT_AMONG = 60;
const settings = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as JournalChildSettings;
let nextNumber = Number(process.argv[3]);
let stopping = false;

/** At once and whole: what stands in the pipe outlives the process. */
function say(text: string): void {
  writeSync(1, `${text}\n`);
}

/** New ids, and among them ids that this process or the one before has asked for. */
function nextAsk(): Ask {
  const isRepeat = randomInt(100) < 30;
  const number = isRepeat ? Math.max(1, nextNumber - randomInt(REPEAT_AMONG)) : nextNumber++;
  return { requestId: `r-${number}`, content: `credit|600727000000000009|${number}` };
}

function made({ requestId }: Ask): Made<never> {
  const digits = (BigInt(`0x${randomBytes(8).toString('hex')}`) % 10n ** 20n).toString().padStart(20, '0');
  return {
    line: {
      kind: 'credit',
      pan: '600727000000000009',
      subclass: 0,
      units: 256,
      sgc: '201457',
      krn: 1,
      tid: 6_612_482,
      fingerprints: [tokenFingerprint(requestId, digits)],
      outcome: 'issued',
    },
    answer: Buffer.from(digits),
  };
}

async function ask(journal: TokenJournal, asks: readonly Ask[]): Promise<void> {
  try {
    const outcomes = await journal.issueOnce('api', asks, (fresh) => fresh.map((index) => made(asks[index]!)));
    const answered = outcomes.map((outcome, i) => {
      const digits = outcome.kind === 'answer' ? Buffer.from(outcome.answer).toString() : outcome.kind;
      return `answered ${asks[i]!.requestId} ${digits}`;
    });
    if (settings.tokens === 0) say(answered.join('\n'));
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'journal-unavailable') throw error;
    say(`unavailable ${asks[0]!.requestId}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function main(): Promise<void> {
  const { directory, checkpointDirectory, callers, groupSize, tokens, partEntries, segmentBytes } = settings;
  const journal = await TokenJournal.open({
    directory,
    checkpointDirectory,
    signingKey: createPrivateKey(settings.signingKeyPem),
    resultsKey: Buffer.from(settings.resultsKeyHex, 'hex'),
    now: Date.now,
    checkpointEveryLines: 500,
    partEntries,
    segmentBytes,
  });
  say('open');
  process.on('SIGTERM', () => (stopping = true));
  const last = nextNumber + tokens;
  const caller = async (): Promise<void> => {
    while (!stopping && (tokens === 0 || nextNumber < last)) {
      await ask(journal, Array.from({ length: 1 + randomInt(groupSize) }, nextAsk));
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  await journal.close();
  say(`done ${JSON.stringify({ next: nextNumber, maxRssBytes: process.resourceUsage().maxRSS * 1024 })}`);
}

main().catch((error: unknown) => {
  say(`failed ${error instanceof DomainError ? error.code : String(error)}`);
  process.exitCode = 1;
});
