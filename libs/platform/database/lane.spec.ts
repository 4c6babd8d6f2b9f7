/* Proves how the lane keeps company: grouping, order, bounds, and that one member's failure stays its own. */
import { Lane, type LaneSettings, type Settled } from './lane';

const settings: LaneSettings = {
  name: 'spec',
  groupMax: 4,
  writers: 1,
  backlogMax: 6,
  full: () => new Error('full'),
};

/** A lane over numbers whose groups are recorded; odd ones out are told apart by the work given. */
function recorded(
  runGroup: (members: readonly number[]) => Settled<number>[],
  runAlone: (member: number) => number = (member) => member,
  over: Partial<LaneSettings> = {},
) {
  const groups: number[][] = [];
  const alone: number[] = [];
  const lane = new Lane<number, number>(
    { ...settings, ...over },
    (members) => {
      groups.push([...members]);
      return Promise.resolve().then(() => runGroup(members));
    },
    (member) => {
      alone.push(member);
      return Promise.resolve().then(() => runAlone(member));
    },
  );
  return { lane, groups, alone };
}
const double = (members: readonly number[]): Settled<number>[] => members.map((m) => ({ ok: true, value: m * 2 }));

it('takes a single member alone and a crowd in groups, in order', async () => {
  const { lane, groups, alone } = recorded(double);
  await expect(lane.submit(7)).resolves.toBe(7);
  await expect(Promise.all([1, 2, 3, 4, 5, 6].map((m) => lane.submit(m)))).resolves.toEqual([2, 4, 6, 8, 10, 12]);
  expect(groups).toEqual([
    [1, 2, 3, 4],
    [5, 6],
  ]);
  expect(alone).toEqual([7]);
});

it('gives each member its own outcome', async () => {
  const { lane } = recorded((members) =>
    members.map((m) => (m === 2 ? { ok: false, error: new Error('refused') } : { ok: true, value: m })),
  );
  const outcomes = await Promise.allSettled([1, 2, 3].map((m) => lane.submit(m)));
  expect(outcomes.map((o) => o.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

it('tries each member alone when the group as a whole fails', async () => {
  const { lane, alone } = recorded(
    () => {
      throw new Error('deadlock');
    },
    (member) => {
      if (member === 2) throw new Error('it was me');
      return member * 10;
    },
  );
  const outcomes = await Promise.allSettled([1, 2, 3].map((m) => lane.submit(m)));
  expect(alone).toEqual([1, 2, 3]);
  expect(outcomes.map((o) => (o.status === 'fulfilled' ? o.value : (o.reason as Error).message))).toEqual([
    10,
    'it was me',
    30,
  ]);
});

it('sheds above its bound, and takes again when it has drained', async () => {
  const { lane } = recorded(double);
  const accepted = Array.from({ length: 6 }, (_, m) => lane.submit(m));
  await expect(lane.submit(99)).rejects.toThrow('full');
  await Promise.all(accepted);
  await expect(lane.submit(5)).resolves.toBe(5);
});

it('never has more groups on their way than writers', async () => {
  let active = 0;
  let most = 0;
  const lane = new Lane<number, number>(
    { ...settings, groupMax: 2, writers: 3, backlogMax: 100 },
    async (members) => {
      most = Math.max(most, ++active);
      await new Promise((resolve) => setImmediate(resolve));
      active -= 1;
      return double(members);
    },
    (member) => Promise.resolve(member),
  );
  await Promise.all(Array.from({ length: 40 }, (_, m) => lane.submit(m)));
  expect(most).toBe(3);
});
