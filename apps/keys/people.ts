import { DomainError } from '@vend/kernel';
import { UsageError } from './usage';

/** Names are written to the log. */
const NAME = /^[\p{L}\p{M}][\p{L}\p{M}\p{N} .'-]{1,59}$/u;

/** Who does this step; at least one person. @throws {UsageError} */
export function peopleOf(names: readonly string[]): readonly string[] {
  if (names.length === 0) throw new UsageError('--by is missing: who does this?');
  const people = names.map((name) => name.normalize('NFC').trim().replace(/\s+/g, ' '));
  if (!people.every((name) => NAME.test(name))) throw new UsageError('--by takes a name');
  return people;
}

/**
 * Two different people, for steps that nobody may take alone.
 *
 * @throws {DomainError} `second-person-missing`
 */
export function twoPeopleOf(names: readonly string[]): readonly [string, string] {
  const [first, second] = peopleOf(names);
  const key = (name: string) => name.toLocaleLowerCase('en');
  if (first !== undefined && second !== undefined && key(first) !== key(second)) return [first, second];
  throw new DomainError('second-person-missing');
}
