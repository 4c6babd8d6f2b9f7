/** The storm from beginning to end: the system up, the plan carried out, everything healed, and the sums. */
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../docker/launcher/processes';
import { brokenLaws } from '../support/books';
import { call } from '../support/callers';
import { installedMeters, type InstalledMeter } from '../support/installed-meters';
import { foundIn, redisContent, secretsInLogs, secretsOf, tokensNotAsTheyShould } from '../support/proofs';
import { System } from '../support/system';
import { Payers } from './channels';
import { Driver, type DriverSettings } from './driver';
import { Office } from './office';
import { Reconciliation } from './statements';
import { companiesOf, messagesOf, oursOf, takenOf, type OursAt, type TakenAt } from './gather';
import { plannedBlows, plannedPayments, type StormCompany } from './plan';
import { waitsOf, type StormReport } from './report';
import { sums } from './sums';
import type { Part } from '../support/system';

export interface StormSettings extends DriverSettings {
  readonly name: string;
  readonly seed: number;
  readonly payments: number;
  /** Codes of the companies that take part; empty: all. */
  readonly companies: readonly string[];
  readonly meters: number;
  readonly blows: number;
  readonly parts: readonly Part[];
  /** Probability of each fault that a company can play. */
  readonly faultChance: number;
  /** How long everything may take to come to rest once all is healed. */
  readonly restWithinMs: number;
  readonly say: (line: string) => void;
}

/** All payers of the storm have one address; and what a gateway is asked about must be known within minutes. */
const APPLICATIONS = { CHECKOUT_ORDERS_PER_ADDRESS: '1000000', CHECKOUT_ASK_SECONDS: '1' };
/** A few payments use up what it has paid in: from there on everything is refused, as it should be. */
const PREPAID_VENDOR = 'demo-vendor';
const SAY_EVERY_MS = 15_000;
const LOOK_EVERY_MS = 1_000;
const OFFICE_EVERY_MS = 3_000;

export async function storm(settings: StormSettings): Promise<StormReport> {
  const meters = installedMeters(settings.meters);
  const system = await System.start({ name: settings.name, meters, settings: APPLICATIONS });
  try {
    return await inSystem(system, meters, settings);
  } finally {
    await system.stop();
  }
}

async function inSystem(
  system: System,
  meters: readonly InstalledMeter[],
  settings: StormSettings,
): Promise<StormReport> {
  const { seed, payments, blows, parts, say } = settings;
  const all = (await companiesOf(system.sandboxUrl)).filter(({ code }) => code !== PREPAID_VENDOR);
  const companies = all.filter(({ code }) => settings.companies.length === 0 || settings.companies.includes(code));
  say(`seed ${seed}, ${companies.length} companies: ${companies.map(({ code }) => code).join(', ')}`);
  const payers = new Payers(system.sandboxUrl, settings.clients);
  await payers.tryGateways(companies, meters[0]!.meterNo);
  await setFaults(system.sandboxUrl, companies, settings);
  const plan = plannedPayments(seed, payments, companies, meters);
  const driver = new Driver(system, payers, plan, plannedBlows(seed, payments, blows, parts), settings);
  const office = await Office.open(system, seed);
  const startedMs = performance.now();
  const saying = setInterval(() => say(driver.progress), SAY_EVERY_MS);
  let isOver = false;
  const working = (async () => {
    for (; !isOver; await pause(OFFICE_EVERY_MS)) await office.work();
  })();
  try {
    await driver.run();
  } finally {
    clearInterval(saying);
    isOver = true;
    await working;
    await payers.close();
  }
  const seconds = (performance.now() - startedMs) / 1_000;
  say(`all payments are made; what is left to do: ${await backlogOf(system)}`);
  await setFaults(system.sandboxUrl, companies, { seed, faultChance: 0 });
  const before = await atRest(system, office, companies, settings);
  say('the sums are made; now the statements');
  const reconciliation = await Reconciliation.open(system, companies, before);
  const reconciled = await reconciliation.run();
  // A gateway that was silent may have taken and given back one more meanwhile: it is in the statements, so it counts.
  const { taken, ours, faults: sumFaults, whereabouts } = await atRest(system, office, companies, settings);
  say('the statements are compared; now every token, the ledger, the logs');
  return {
    seed,
    seconds,
    counts: driver.counts,
    struck: driver.struck,
    refusals: payers.refusals,
    whereabouts,
    paidBack: office.count,
    reconciled,
    messages: await messagesOf(system.admin),
    waits: waitsOf(taken, ours),
    faults: [
      ...[...driver.wrong, ...payers.wrong, ...office.wrong, ...sumFaults, ...reconciliation.faults],
      ...(await otherFaults(system, meters)),
    ],
  };
}

/**
 * Not by chance. What a company does to itself shows in the day's statement alone: money booked under one amount and sent
 * under another, money given back behind our back. And a gateway that grants no more tokens is silent for an hour.
 */
const NOT_BY_CHANCE: readonly string[] = [
  'amount-changed-on-repeat',
  'refund-after-token',
  'grant-limit',
  'token-expired',
];

/** Every company plays all that it can, each fault with the same probability. */
async function setFaults(
  sandboxUrl: string,
  companies: readonly StormCompany[],
  { seed, faultChance }: { readonly seed: number; readonly faultChance: number },
): Promise<void> {
  for (const { code, playable } of companies) {
    const faults = Object.fromEntries(
      playable.filter((name) => !NOT_BY_CHANCE.includes(name)).map((name) => [name, faultChance]),
    );
    const { status, text } = await call(`${sandboxUrl}/providers/${code}/faults`, {
      method: 'PUT',
      body: { seed, faults },
    });
    if (status !== 200) throw new Error(`faults of ${code}: HTTP ${status} ${text}`);
  }
}

/** Waits until the sums hold, or until the time is over: then with what is wrong. */
async function atRest(
  system: System,
  office: Office,
  companies: readonly StormCompany[],
  { restWithinMs, say }: StormSettings,
): Promise<ReturnType<typeof sums> & { taken: TakenAt[]; ours: OursAt[] }> {
  const deadlineMs = performance.now() + restWithinMs;
  for (let saidMs = performance.now(); ; await pause(LOOK_EVERY_MS)) {
    const isOver = performance.now() > deadlineMs;
    await until(() => nothingWaits(system), deadlineMs - performance.now(), LOOK_EVERY_MS);
    const left = await office.work();
    const [taken, ours] = [await takenOf(system.sandboxUrl, companies), await oursOf(system.admin)];
    const { faults: unlike, whereabouts } = sums(taken, ours);
    const faults = left === 0 ? unlike : [...unlike, `${left} refunds are not ended at the office`];
    const result = { faults, whereabouts, taken, ours };
    if (faults.length === 0 || isOver) return result;
    if (performance.now() - saidMs > SAY_EVERY_MS) {
      say(`${result.faults.length} payments do not add up yet; ${await backlogOf(system)}`);
      saidMs = performance.now();
    }
  }
}

/** True when the worker has nothing to do but to ask gateways about orders that nobody has paid yet. */
async function nothingWaits({ admin }: System): Promise<boolean> {
  const [row] = await admin.read<{ n: string }>("SELECT COUNT(*) AS n FROM outbox WHERE topic <> 'checkout'");
  return Number(row!.n) === 0;
}

/** What has to hold besides the sums. */
async function otherFaults(system: System, meters: readonly InstalledMeter[]): Promise<string[]> {
  const usual = await secretsOf(system, meters, []);
  const secrets = { ...usual, texts: [...usual.texts, ...secretsOfCompanies(system)] };
  const redis = system.redis();
  try {
    return [
      ...(await brokenLaws(system.admin)),
      ...(await tokensNotAsTheyShould(system)),
      ...secretsInLogs(system, secrets),
      ...foundIn('Redis', await redisContent(redis), secrets),
    ];
  } finally {
    redis.disconnect();
  }
}

/** Passwords are 24 letters and keys more, of which one line is looked for; names of users are no secrets. */
function secretsOfCompanies(system: System): [what: string, text: string][] {
  type Entry = Record<'credentials' | 'outside', Record<string, string>> & { readonly code: string };
  return system.secrets<Entry[]>('providers.json').flatMap(({ code, credentials, outside }) =>
    Object.entries({ ...credentials, ...outside })
      .filter(([name, text]) => text.length >= 24 && !/public|certificate/i.test(name))
      .map(([name, text]): [string, string] => [`${name} of ${code}`, text.split('\n').at(-3) ?? text]),
  );
}

async function backlogOf({ admin }: System): Promise<string> {
  const rows = await admin.read<{ topic: string; n: string }>(
    'SELECT topic, COUNT(*) AS n FROM outbox GROUP BY topic ORDER BY topic',
  );
  return rows.map(({ topic, n }) => `${topic} ${n}`).join(', ') || 'nothing waits for the worker';
}
