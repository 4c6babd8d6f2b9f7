import { formatTaka, newId, type Id, type InstantMs, type LocalDay } from '@vend/kernel';
import { concludeMachineCase, openMachineCase } from '@vend/cases';
import { isDuplicate, type Database, type Tx } from '@vend/platform';
import type { Break } from './breaks';
import {
  casesOfDay,
  changeBreak,
  insertBreak,
  lockBreaksOf,
  settledSums,
  unsettledOfCase,
  type BreakFacts,
  type SettledSum,
} from './store/breaks';

const SETTLEMENT_ACTOR = 'worker:settlement';
/** Cases of a provider's day; what comes then, say of a file in a wrong layout, goes to the last of them. */
const CASES_A_DAY = 100;

/** A payment that went back to its provider is in one of the statements of the next two days. */
const RETURN_MS = 2 * 86_400_000;

/** What was looked at, and what was found. */
export interface Findings {
  readonly provider: string;
  readonly trxIds: readonly string[];
  /** Those under these ids whose window has passed. */
  readonly found: readonly BreakFacts[];
  /** True when these are all findings under the ids: a stored break that is not among them has healed. */
  readonly complete: boolean;
  /** Ids with a finding whose window has not passed: what was settled under them is not judged yet. */
  readonly early?: ReadonlySet<string>;
}

/** What became of findings. */
export interface Raised {
  readonly opened: number;
  readonly healed: number;
}

/**
 * Brings the stored breaks of some transaction ids to what was found under them: new ones are opened with a case, those
 * that are no longer found heal. Again, it changes nothing.
 */
export async function raiseBreaks(database: Database, findings: Findings, at: InstantMs): Promise<Raised> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await database.transaction((tx) => reconcile(tx, findings, at));
    } catch (error) {
      // Another worker found the same: the second look sees its rows.
      if (!isDuplicate(error) || attempt >= 3) throw error;
    }
  }
}

const keyOf = ({ trxId, place, bucket }: Pick<Break, 'trxId' | 'place' | 'bucket'>) => `${trxId} ${place} ${bucket}`;

async function reconcile(tx: Tx, findings: Findings, at: InstantMs): Promise<Raised> {
  const { provider, trxIds, complete } = findings;
  const stored = await lockBreaksOf(tx, provider, trxIds);
  const { found, waiting, acted } = await withSettled(tx, findings, stored, at);
  const byKey = new Map(stored.map((each) => [keyOf(each), each]));
  const wanted = new Set(found.map(keyOf));
  let [opened, healed] = [0, 0];
  const cases = new DayCases(tx, at);
  for (const facts of found) {
    const known = byKey.get(keyOf(facts));
    if (known && (isWork(known) || (known.state === 'SETTLED' && waiting.has(known.breakId)))) {
      if (isWork(known) && differ(known, facts))
        await changeBreak(tx, known.breakId, { state: known.state, facts }, at);
    } else {
      const caseId = await cases.for(facts);
      if (known) await changeBreak(tx, known.breakId, { state: 'OPEN', facts, caseId }, at);
      else await insertBreak(tx, newId(at), facts, caseId, at);
      opened++;
    }
  }
  for (const known of complete ? stored : []) {
    if (wanted.has(keyOf(known)) || !isWork(known)) continue;
    // What actions have booked is judged again by the next file; what nobody has touched need not be.
    await changeBreak(tx, known.breakId, { state: acted.has(known.breakId) ? 'SETTLED' : 'HEALED' }, at);
    await concludeCase(tx, known, `${nameOf(known)} has healed by itself.`, SETTLEMENT_ACTOR, at);
    healed++;
  }
  return { opened, healed };
}

const isWork = ({ state }: Break) => state === 'OPEN' || state === 'CLAIMED';

/**
 * Findings with what was booked about them counted among ours, so that what was settled is none any more; and those of which
 * nothing is found now, though something was booked. A bank's difference has what was done in it already.
 *
 * @returns and the breaks whose settling cannot be judged yet, and those about which something stands in the books
 */
async function withSettled(
  tx: Tx,
  { provider, trxIds, found, complete, early }: Findings,
  stored: Break[],
  at: InstantMs,
) {
  const settled = stored.length > 0 ? await settledSums(tx, provider, trxIds) : new Map<Id, SettledSum>();
  const breaks = new Map(stored.map((each) => [keyOf(each), each]));
  const waiting = new Set<Id>();
  const all = found.map((facts) => {
    const known = breaks.get(keyOf(facts));
    breaks.delete(keyOf(facts));
    const sum = known && settled.get(known.breakId);
    if (known && sum?.returnedAt && sum.returnedAt > at - RETURN_MS) waiting.add(known.breakId);
    return sum ? { ...facts, oursPaisa: facts.oursPaisa + sum.paisa } : facts;
  });
  for (const known of complete ? breaks.values() : []) {
    const sum = settled.get(known.breakId);
    if (!sum || sum.paisa === 0n) continue;
    if (early?.has(known.trxId) || (sum.returnedAt && sum.returnedAt > at - RETURN_MS)) waiting.add(known.breakId);
    const [oursPaisa, theirsPaisa] = sum.paisa > 0n ? [sum.paisa, 0n] : [0n, -sum.paisa];
    all.push({ ...known, oursPaisa, theirsPaisa });
  }
  const acted = new Set([...settled].flatMap(([breakId, { paisa }]) => (paisa === 0n ? [] : [breakId])));
  return { found: all.filter(({ oursPaisa, theirsPaisa }) => oursPaisa !== theirsPaisa), waiting, acted };
}

function differ(known: Break, facts: BreakFacts): boolean {
  return (['day', 'oursPaisa', 'theirsPaisa', 'rechargeId', 'meterId', 'billerRef', 'batch'] as const).some(
    (name) => known[name] !== facts[name],
  );
}

/** Cases for breaks that are opened together: how many a day has is asked once. */
class DayCases {
  private readonly known = new Map<LocalDay, { cases: number; latest: Id | null }>();

  constructor(
    private readonly tx: Tx,
    private readonly at: InstantMs,
  ) {}

  async for(facts: BreakFacts): Promise<Id> {
    const { provider, day } = facts;
    const { cases, latest } = this.known.get(day) ?? (await casesOfDay(this.tx, provider, day));
    let caseId = latest;
    let count = cases;
    if (!caseId || cases < CASES_A_DAY) {
      count++;
      const rest = count === CASES_A_DAY ? ' Further breaks of this day are in this case too.' : '';
      caseId = await openMachineCase(this.tx, {
        kind: 'settlement-break',
        rechargeId: facts.rechargeId,
        words: `${wordsOf(facts)}${rest}`,
        actor: SETTLEMENT_ACTOR,
        at: this.at,
      });
    }
    this.known.set(day, { cases: count, latest: caseId });
    return caseId;
  }
}

/** Says in the case of a break what became of it; the last of its breaks closes it. */
export async function concludeCase(
  tx: Tx,
  { caseId }: Break,
  words: string,
  actor: string,
  at: InstantMs,
): Promise<void> {
  if (!caseId) return;
  await concludeMachineCase(tx, caseId, { words, actor, at, settles: (await unsettledOfCase(tx, caseId)) === 0 });
}

/** @example 'CK12AB34CD of demo-form (theirs-only)' */
export function nameOf({ trxId, provider, bucket }: Pick<Break, 'trxId' | 'provider' | 'bucket'>): string {
  return `${trxId} of ${provider} (${bucket})`;
}

function wordsOf(facts: BreakFacts): string {
  const [ours, theirs] = [formatTaka(facts.oursPaisa), formatTaka(facts.theirsPaisa)];
  const of = `${nameOf(facts)}, ${facts.day}:`;
  if (facts.bucket === 'bank-differs')
    return `${of} the batch should have brought Tk ${ours}, the bank has Tk ${theirs}.`;
  return `${of} our books have Tk ${ours}, the statement has Tk ${theirs}.`;
}
