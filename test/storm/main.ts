/*
 * npm run storm: 20,000 payments (STORM_PAYMENTS) over every company that the sandbox plays, with faults by chance, while
 * our own processes are killed; then every taka must be somewhere. STORM_SEED plays the same storm again,
 * STORM_COMPANIES=demo-nagad,demo-xml with these companies alone. Everything runs
 * in .local/storm, beside and apart from the demo. Exit code 1: something does not add up.
 */
import { randomInt } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findRoot } from '../../docker/launcher/layout';
import { Progress } from '../../docker/launcher/progress';
import { reportText } from './report';
import { storm } from './storm';

const PAYMENTS = Number(process.env['STORM_PAYMENTS'] ?? 20_000);
const SEED = Number(process.env['STORM_SEED'] ?? randomInt(1_000_000));
const CLIENTS = Number(process.env['STORM_CLIENTS'] ?? 32);
const COMPANIES = (process.env['STORM_COMPANIES'] ?? '').split(',').filter((code) => code !== '');
/** A part of ours is struck about every so many payments. */
const PAYMENTS_PER_BLOW = 800;

async function main(): Promise<void> {
  const local = join(findRoot(__dirname), '.local', 'storm');
  rmSync(local, { recursive: true, force: true });
  mkdirSync(local, { recursive: true });
  process.env['TEST_LOCAL_DIR'] = local;
  process.env['LOG_LEVEL'] ??= 'warn';
  const progress = new Progress(Date.now());
  progress.say(`${PAYMENTS} payments, seed ${SEED}`);
  const report = await storm({
    name: 'storm',
    seed: SEED,
    payments: PAYMENTS,
    companies: COMPANIES,
    meters: Math.max(100, Math.min(2_000, Math.ceil(PAYMENTS / 20))),
    blows: Math.max(6, Math.round(PAYMENTS / PAYMENTS_PER_BLOW)),
    parts: ['api', 'worker', 'token-server', 'redis', 'mariadb'],
    faultChance: 0.04,
    clients: CLIENTS,
    awayPayments: 60,
    awayMs: 4_000,
    restWithinMs: 15 * 60_000,
    say: (line) => progress.say(line),
  });
  progress.plain(reportText(report));
  process.exitCode = report.faults.length === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
