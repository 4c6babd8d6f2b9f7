import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tokenFingerprint } from './fingerprint';
import type { Ask, Issued, Made } from './issue-once';
import type { TokenJournalOptions } from './journal.options';
import { TokenJournal } from './token-journal';

/** For tests: a directory of its own with the keys of a journal, opened as often as wanted. */
export class JournalWorkshop {
  readonly directory = mkdtempSync(join(tmpdir(), 'journal-'));
  readonly elsewhere = mkdtempSync(join(tmpdir(), 'checkpoints-'));
  readonly resultsKey = randomBytes(32);
  readonly signingKey: KeyObject;
  readonly publicKey: KeyObject;
  nowMs = Date.UTC(2026, 10, 22);
  readonly troubles: string[] = [];

  constructor() {
    const pair = generateKeyPairSync('ed25519');
    this.signingKey = pair.privateKey;
    this.publicKey = pair.publicKey;
  }

  open(change: Partial<TokenJournalOptions> = {}): Promise<TokenJournal> {
    const { directory, signingKey, resultsKey } = this;
    return TokenJournal.open({
      directory,
      signingKey,
      resultsKey,
      now: () => this.nowMs,
      onTrouble: (what) => this.troubles.push(what),
      ...change,
    });
  }

  destroy(): void {
    rmSync(this.directory, { recursive: true, force: true });
    rmSync(this.elsewhere, { recursive: true, force: true });
  }
}

/** A request of a test; its token is a function of it unless `digits` are given. */
export function ask(requestId: string, amount = 256): Ask {
  return { requestId, content: `credit|600727000000000009|${amount}` };
}

/** Invented digits, a function of the request. */
export function digitsFor({ requestId, content }: Ask): string {
  const digest = tokenFingerprint(requestId, content);
  return BigInt(`0x${digest}`).toString().slice(0, 20).padStart(20, '7');
}

/** What a token server would make of a request. */
export function made(request: Ask, digits = digitsFor(request)): Made<string> {
  return {
    line: {
      kind: 'credit',
      pan: '600727000000000009',
      subclass: 0,
      units: 256n,
      sgc: '201457',
      krn: 1,
      tid: 6_612_482,
      fingerprints: [tokenFingerprint(request.requestId, digits)],
      outcome: 'issued',
    },
    answer: Buffer.from(digits),
  };
}

/** Issues requests and returns their digits, or what else came of them. */
export async function issue(journal: TokenJournal, asks: readonly Ask[], caller = 'api'): Promise<string[]> {
  const outcomes = await journal.issueOnce(caller, asks, (fresh) => fresh.map((index) => made(asks[index]!)));
  return outcomes.map(textOf);
}

export function textOf(outcome: Issued<string>): string {
  if (outcome.kind === 'answer') return Buffer.from(outcome.answer).toString();
  return outcome.kind === 'refused' ? outcome.refusal : outcome.kind;
}

/** All lines of a journal as they stand in the log. */
export async function linesOf(journal: TokenJournal, from = 1): Promise<string[]> {
  const lines: string[] = [];
  for await (const block of journal.read(from)) lines.push(...block);
  return lines;
}
