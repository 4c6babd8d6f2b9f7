// Proves the group commit with a recorded writer: one write at a time, all who wait come along, a failed group fails alone, and limits hold.
import { GroupCommit } from './group-commit';

/** Writes when it is told to. */
class HeldWriter {
  readonly groups: string[][] = [];
  private readonly held: ((error?: Error) => void)[] = [];

  write = (group: readonly string[]): Promise<void> => {
    this.groups.push([...group]);
    return new Promise((resolve, reject) => this.held.push((error) => (error ? reject(error) : resolve())));
  };

  async finish(error?: Error): Promise<void> {
    this.held.shift()!(error);
    await turn();
    await turn();
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const overloaded = (): Error => new Error('overloaded');

it('writes one who comes alone at once, and the others together behind it', async () => {
  const writer = new HeldWriter();
  const commits = new GroupCommit(writer.write, 100, 1_000, overloaded);
  const first = commits.add('a', 1);
  await turn();
  expect(writer.groups).toEqual([['a']]);
  const rest = ['b', 'c', 'd'].map((name) => commits.add(name, 1));
  await turn();
  expect(writer.groups).toHaveLength(1);
  await writer.finish();
  await first;
  expect(writer.groups).toEqual([['a'], ['b', 'c', 'd']]);
  await writer.finish();
  await Promise.all(rest);
  await commits.idle();
});

it('takes callers of the same turn together', async () => {
  const writer = new HeldWriter();
  const commits = new GroupCommit(writer.write, 100, 1_000, overloaded);
  const all = ['a', 'b', 'c'].map((name) => commits.add(name, 1));
  await turn();
  expect(writer.groups).toEqual([['a', 'b', 'c']]);
  await writer.finish();
  await Promise.all(all);
});

it('fails a group alone', async () => {
  const writer = new HeldWriter();
  const commits = new GroupCommit(writer.write, 2, 1_000, overloaded);
  const outcomes = ['a', 'b', 'c'].map((name) =>
    commits.add(name, 1).then(
      () => `${name} written`,
      (error: Error) => `${name} ${error.message}`,
    ),
  );
  await turn();
  await writer.finish(new Error('full'));
  await writer.finish();
  expect(await Promise.all(outcomes)).toEqual(['a full', 'b full', 'c written']);
});

it('keeps groups within their size, but writes a member that is larger by itself', async () => {
  const writer = new HeldWriter();
  const commits = new GroupCommit(writer.write, 10, 1_000, overloaded);
  const all = [4, 6, 1, 50, 3].map((size) => commits.add(String(size), size));
  await turn();
  for (let i = 0; i < 4; i += 1) await writer.finish();
  await Promise.all(all);
  expect(writer.groups).toEqual([['4', '6'], ['1'], ['50'], ['3']]);
});

it('refuses more than may wait', async () => {
  const writer = new HeldWriter();
  const commits = new GroupCommit(writer.write, 10, 10, overloaded);
  const first = commits.add('a', 10);
  await expect(commits.add('b', 1)).rejects.toThrow('overloaded');
  await turn();
  await writer.finish();
  await first;
});
