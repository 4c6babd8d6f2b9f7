/**
 * What reconciliation must find: the companies' statements and the bank's list against the breaks that were raised. Pure, so
 * that a break that nobody can explain, and a bent line that nobody has seen, are each shown to be named.
 */
import { formatTaka, parseTaka, type Paisa } from '@vend/kernel';
import type { Break } from '@vend/settlement';

/** A line of a company's statement. */
export interface StatementLine {
  readonly trxId: string;
  readonly batch: string;
  /** What of it reaches the bank; below zero for money given back on a later day. */
  readonly netPaisa: Paisa;
  /** The line as it stands in the file. */
  readonly text: string;
}

/** A break that is somebody's work. */
export type OpenBreak = Pick<Break, 'provider' | 'trxId' | 'bucket' | 'oursPaisa' | 'theirsPaisa'> & {
  readonly caseIsOpen: boolean;
};

/** The lines of a statement in the neutral form; none of its values has a comma. */
export function linesOf(csv: string): StatementLine[] {
  const [head = '', ...rows] = csv.split('\r\n').filter((row) => row !== '');
  const names = head.split(',');
  return rows.map((text) => {
    const cells = text.split(',');
    const cell = (name: string) => cells[names.indexOf(name)] ?? '';
    const net = cell('net');
    const netPaisa = net.startsWith('-') ? -parseTaka(net.slice(1)) : parseTaka(net);
    return { trxId: cell('provider_trx_id'), batch: cell('settlement_batch'), netPaisa, text };
  });
}

/** Transaction ids of which one file says something else than the other. */
export function bentIds(honest: readonly StatementLine[], bent: readonly StatementLine[]): string[] {
  const [before, after] = [textsById(honest), textsById(bent)];
  return [...new Set([...before.keys(), ...after.keys()])].filter((id) => before.get(id) !== after.get(id));
}

/** What each batch of these lines should bring and did not, in the name that its break has; only what differs. */
export function batchDifferences(lines: readonly StatementLine[], credits: ReadonlyMap<string, Paisa>) {
  const nets = new Map<string, Paisa>();
  for (const { batch, netPaisa } of lines) nets.set(batch, (nets.get(batch) ?? 0n) + netPaisa);
  const differences = [...nets].map(([batch, net]) => [`batch:${batch}`, net - (credits.get(batch) ?? 0n)] as const);
  return new Map(differences.filter(([, paisa]) => paisa !== 0n));
}

/**
 * One sentence for each break that nobody expected or that has no open case, and for each expected one that was not raised.
 *
 * @param expected by company, the ids that must be broken
 */
export function unexplained(
  found: readonly OpenBreak[],
  expected: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] {
  const seen = new Set(found.map(({ provider, trxId }) => `${provider} ${trxId}`));
  return [
    ...found
      .filter(({ provider, trxId }) => !expected.get(provider)?.has(trxId))
      .map((it) => `${nameOf(it)}, and nobody knows why`),
    ...found.filter(({ caseIsOpen }) => !caseIsOpen).map((it) => `${nameOf(it)}, without an open case`),
    ...[...expected].flatMap(([provider, ids]) =>
      [...ids].filter((id) => !seen.has(`${provider} ${id}`)).map((id) => `${provider} ${id}: bent, and not found`),
    ),
  ];
}

function nameOf({ provider, trxId, bucket, oursPaisa, theirsPaisa }: OpenBreak): string {
  return `${provider} ${trxId}, ${bucket}: ours Tk ${formatTaka(oursPaisa)}, theirs Tk ${formatTaka(theirsPaisa)}`;
}

function textsById(lines: readonly StatementLine[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { trxId, text } of lines) texts.set(trxId, `${texts.get(trxId) ?? ''}${text}\n`);
  return texts;
}
