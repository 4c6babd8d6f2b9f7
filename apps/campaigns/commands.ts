import { formatInstant } from '@vend/kernel';
import { recordAudit, type AuditAction } from '@vend/identity';
import {
  Campaigns,
  expiringMeters,
  listExpiring,
  type Campaign,
  type CampaignFigures,
  type CampaignOrder,
  type KeySetIssuer,
} from '@vend/meters';
import type { Database } from '@vend/platform';
import type { Arguments } from './arguments';
import { hashOfList, pansOf, readMeterList } from './meter-list';
import { progressLine } from './progress';
import { writeSecretCsv } from './secret-csv';

/** What a command works with. */
export interface Tools {
  readonly database: Database;
  readonly campaigns: Campaigns;
  /** The token server, under the key officer's certificate; opened by the commands that need it. */
  readonly issuer: () => KeySetIssuer;
  readonly print: (line: string) => void;
}

/** Runs to its end. @returns the exit status: 0 done, 1 done in part */
type Run = (tools: Tools, args: Arguments) => Promise<0 | 1>;

export const create: Run = async ({ database, campaigns, issuer, print }, args) => {
  const list = args.optional('meters');
  const order: CampaignOrder = {
    name: args.text('name'),
    kind: args.kind,
    from: args.key('from'),
    to: args.key('to'),
    ti: args.optional('ti'),
    office: args.optional('office'),
    listHash: list === null ? null : await hashOfList(list),
  };
  const { by } = args;
  const keys = await issuer().vendingKeys();
  const pans = list === null ? undefined : pansOf(list);
  const { fitting, inCampaign } = await campaigns.create(order, keys, by, pans, progressLine('meters', undefined));
  await audit(database, by, 'campaign-created', order.name, { kind: order.kind, meters: inCampaign });
  print(`${order.name}: ${inCampaign} meters; ${fitting} fitted in this run, the others have another change open`);
  return 0;
};

export const make: Run = async ({ database, campaigns, issuer, print }, args) => {
  const name = args.text('name');
  const { figures } = await campaigns.status(name);
  const total = figures.due;
  const startedMs = performance.now();
  const sets = await campaigns.make(name, issuer(), progressLine('sets', total));
  const seconds = (performance.now() - startedMs) / 1_000;
  await audit(database, args.by, 'key-change-sets-made', name, { ...sets });
  const rate = Math.round(sets.made / Math.max(seconds, 0.001));
  print(
    `${name}: ${sets.made} sets made in ${seconds.toFixed(1)} s (${rate} a second), ${sets.refused} refused, ${sets.void} void`,
  );
  return sets.refused > 0 ? 1 : 0;
};

export const status: Run = async ({ campaigns, print }, args) => {
  const name = args.optional('name');
  const listed = name === null ? await campaigns.list() : [(await campaigns.status(name)).campaign];
  for (const campaign of listed) {
    const { figures } = await campaigns.status(campaign.name);
    print(args.json ? JSON.stringify({ ...campaign, figures }) : statusText(campaign, figures));
  }
  if (listed.length === 0) print('no campaigns');
  return 0;
};

function statusText(campaign: Campaign, figures: CampaignFigures): string {
  const { meters, due, toMake, refused, issued, issuedByVend, issuedByFile, confirmed, stale, cancelled } = figures;
  const refusals = Object.entries(refused).map(([code, count]) => `, ${count} refused: ${code}`);
  const share = meters === 0 ? 0 : Math.floor(((issued + confirmed) * 1_000) / meters) / 10;
  return [
    `${campaign.name} (${campaign.kind}, ${campaign.selection}) ${campaign.state}, by ${campaign.madeBy} at ${formatInstant(campaign.madeAt)}`,
    `  meters    ${meters}, tokens out for ${share} %`,
    `  due       ${due} (${toMake} to make${refusals.join('')})`,
    `  issued    ${issued} (${issuedByVend} with a recharge, ${issuedByFile} in a file)`,
    `  confirmed ${confirmed}`,
    `  stale     ${stale}`,
    `  cancelled ${cancelled}`,
  ].join('\n');
}

const EXPORTED = [
  'changeId',
  'meterNo',
  'customerNo',
  'office',
  'address',
  'to',
  'token1',
  'token2',
  'token3',
  'token4',
];

export const exportSets: Run = async ({ database, campaigns, print }, args) => {
  const name = args.text('name');
  const { figures } = await campaigns.status(name);
  const told = progressLine('sets', figures.due + figures.issuedByFile);
  let done = 0;
  async function* rows() {
    for await (const page of campaigns.export(name)) {
      yield page.map(({ changeId, pan, customerNo, office, address, to, tokens }) => {
        return [
          changeId,
          pan,
          customerNo,
          office,
          address,
          to,
          ...tokens,
          ...Array<string>(4 - tokens.length).fill(''),
        ];
      });
      done += page.length;
      told(done);
    }
  }
  // On record before the first token is in the file: a run that dies half-way has handed some out.
  await audit(database, args.by, 'key-change-sets-exported', name, { sets: figures.due + figures.issuedByFile });
  const written = await writeSecretCsv(args.text('out'), EXPORTED, rows());
  print(`${name}: ${written} sets written to ${args.text('out')} (mode 0600: it holds tokens)`);
  return 0;
};

export const confirm: Run = async ({ database, campaigns, print }, args) => {
  const counts: Record<string, number> = {};
  const told = progressLine('meters', undefined);
  let done = 0;
  const tell = (outcome: string, line: number) => {
    counts[outcome] = (counts[outcome] ?? 0) + 1;
    if (outcome !== 'confirmed' && outcome !== 'already') print(`line ${line}: ${outcome}`);
  };
  for await (const page of readMeterList(args.text('meters'))) {
    const answers = await campaigns.confirm(
      page.flatMap(({ pan }) => pan ?? []),
      args.by,
    );
    for (const { line, pan, fault } of page) tell(fault ?? answers.get(pan!)!, line);
    done += page.length;
    told(done);
  }
  const { confirmed = 0, already = 0 } = counts;
  await audit(database, args.by, 'key-change-confirmed', 'list', { confirmed, already, lines: done });
  print(
    Object.entries(counts)
      .map(([outcome, count]) => `${count} ${outcome}`)
      .join(', ') || 'an empty list',
  );
  return done === confirmed + already ? 0 : 1;
};

export const cancel: Run = async ({ database, campaigns, print }, args) => {
  const name = args.text('name');
  const { figures } = await campaigns.status(name);
  const cancelled = await campaigns.cancel(name, args.by, progressLine('meters', figures.due));
  await audit(database, args.by, 'campaign-cancelled', name, { cancelled });
  print(`${name}: cancelled for ${cancelled} meters; ${figures.issued} whose tokens are out stay as they are`);
  return 0;
};

const EXPIRING = ['meterNo', 'customerNo', 'office', 'sgc', 'krn', 'endsAt', 'daysLeft', 'keyChangeOpen'];

export const expiring: Run = async ({ database, issuer, print }, args) => {
  const now = Date.now();
  const groups = await expiringMeters(database, await issuer().vendingKeys(), now, args.days);
  for (const { sgc, krn, ken, baseDate, meters, changeOpen, endsAt, daysLeft } of groups) {
    const when = daysLeft < 0 ? 'ended' : `ends in ${daysLeft} days`;
    print(
      `${sgc}/${krn} (KEN ${ken}, base date ${baseDate}): ${meters} meters, ${changeOpen} with a key change open; ${when}, ${formatInstant(endsAt)}`,
    );
  }
  if (groups.length === 0) print(`no meter's key ends within ${args.days} days`);
  const out = args.optional('out');
  if (out === null) return 0;
  const told = progressLine(
    'meters',
    groups.reduce((sum, { meters }) => sum + meters, 0),
  );
  let done = 0;
  async function* rows() {
    for await (const page of listExpiring(database, groups)) {
      yield page.map(({ pan, customerNo, office, sgc, krn, endsAt, daysLeft, changeOpen }) => {
        return [pan, customerNo, office, sgc, krn, formatInstant(endsAt), daysLeft, changeOpen];
      });
      done += page.length;
      told(done);
    }
  }
  print(`${await writeSecretCsv(out, EXPIRING, rows())} meters written to ${out}`);
  return 0;
};

function audit(
  database: Database,
  actor: string,
  action: AuditAction,
  subject: string,
  detail: Record<string, string | number>,
): Promise<void> {
  return database.transaction((tx) =>
    recordAudit(tx, { actor, action, subject: `campaign:${subject}`, detail, at: Date.now() }),
  );
}
