/*
 * Proves that README.md and docs/ say what the code says: life cycles, accounts, settings, error codes, figures, log
 * lines, commands, files and links are read from the pages and compared with their source.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { paymentEntry, accountRule, FIXED_ACCOUNTS, vendEntry, type AccountCode } from '@vend/ledger';
import { newId } from '@vend/kernel';
import { INBOUND_MOVES } from '@vend/inbound';
import { REMOTE_LOAD_MOVES } from '@vend/meterlink';
import { KEY_CHANGE_MOVES } from '@vend/meters';
import { INBOX_MOVES } from '@vend/payments';
import { FINDING_WORDS } from '@vend/reports';
import { NOTICE_MOVES } from '@vend/sms';
import { BROADCAST_MOVES } from '@vend/broadcasts';
import { CASE_MOVES } from '@vend/cases';
import { ORDER_MOVES } from '@vend/checkout';
import { PAYMENT_MOVES } from '@vend/vending';
import { CODES_PAGE, CODE_TABLES } from './error-codes';
import { PERMISSIONS_PAGE, PERMISSION_TABLES } from './permissions';
import { bare, filesBelow, pages, readText, ROOT, tableOf } from './tables';

const ARCHITECTURE = 'docs/ARCHITECTURE.md';
const WALLS = join(ROOT, '.dependency-cruiser.cjs');
const sources = filesBelow('apps', /\.ts$/)
  .concat(filesBelow('libs', /\.ts$/))
  .filter((path) => !path.endsWith('spec.ts'));
const code = sources.map(readText).join('\n');

describe('life cycles', () => {
  const migrations = filesBelow('libs/platform/migrations', /\.ts$/).map(readText).join('\n');
  const statesInSchema = (table: string) => {
    const [, columns] = new RegExp(`CREATE TABLE ${table} \\(([^]*?)\\n  \\)`).exec(migrations)!;
    const [, values] = /\bstate ENUM\(([^)]*)\)/.exec(columns!)!;
    return values!.split(',').map((value) => value.trim().slice(1, -1));
  };

  it.each([
    ['payment-moves', PAYMENT_MOVES, 'recharges'],
    ['notice-moves', NOTICE_MOVES, 'notices'],
    ['inbox-moves', INBOX_MOVES, 'inbox'],
    ['inbound-sms-moves', INBOUND_MOVES, 'sms_inbound'],
    ['case-moves', CASE_MOVES, 'cases'],
    ['key-change-moves', KEY_CHANGE_MOVES, 'key_changes'],
    ['remote-load-moves', REMOTE_LOAD_MOVES, 'remote_loads'],
    ['broadcast-moves', BROADCAST_MOVES, 'broadcasts'],
    ['order-moves', ORDER_MOVES, 'checkout_orders'],
  ] as const)('%s are those of the code and of the schema', (name, moves: Record<string, readonly string[]>, table) => {
    const onPage = tableOf(ARCHITECTURE, name).map(([state, next]) => [bare(state), bare(next)]);
    expect(onPage).toEqual(Object.entries(moves).map(([state, next]) => [state, next.join(', ') || '–']));
    expect(onPage.map(([state]) => state)).toEqual(statesInSchema(table));
  });

  it('a vend has the states of the schema', () => {
    expect(tableOf(ARCHITECTURE, 'vend-states').map(([state]) => bare(state))).toEqual(statesInSchema('vends'));
  });
});

describe('the ledger', () => {
  it('has the accounts of the chart', () => {
    const onPage = tableOf('docs/LEDGER.md', 'chart').map((cells) => cells.slice(0, 3).map(bare));
    const families = /const FAMILIES = \{([^]*?)\n\} as const/.exec(readText('libs/ledger/chart.ts'))![1]!;
    const suffixed = [...families.matchAll(/^ {2}'?([a-z-]+)'?: \{/gm)].map(([, name]) => name!);
    expect(onPage.map(([name]) => name!.replace(/:<.*/, ':'))).toEqual([
      ...FIXED_ACCOUNTS,
      ...suffixed.map((name) => `${name}:`),
    ]);
    for (const [name, kind, never] of onPage) {
      const rule = accountRule(name!.replace(/<.*>/, 'X') as AccountCode);
      expect([name, kind, never]).toEqual([name, rule.kind, rule.neverOverdrawn ? 'yes' : 'no']);
    }
  });

  it('books the worked example as the page shows it', () => {
    const fact = { businessId: newId(), bookedAt: 1_795_000_000_000, meterId: newId() };
    const { postings } = vendEntry(fact, 'cash:NESCO-RAJ-01', {
      grossPaisa: 100_000n,
      vatPaisa: 4_762n,
      rentPaisa: 4_000n,
      demandPaisa: 6_000n,
      arrearsPaisa: 0n,
      pfcPaisa: 0n,
      penaltyPaisa: 0n,
      rebatePaisa: 903n,
      energyPaisa: 86_141n,
      remainderInPaisa: 0n,
      remainderOutPaisa: 0n,
    });
    const inCode = postings.map(({ debit, credit, amountPaisa }) => [debit, credit, amountPaisa.toString()]);
    expect(tableOf('docs/LEDGER.md', 'worked-example').map((cells) => cells.map(bare))).toEqual(inCode);
    const payment = paymentEntry(fact, 'receivable:demo-bkash', 100_000n);
    expect(payment.postings).toEqual([
      { debit: 'receivable:demo-bkash', credit: 'unspent-payments', amountPaisa: 100_000n },
    ]);
  });

  it('names constraints that the schema has', () => {
    const names = [...readText('docs/LEDGER.md').matchAll(/`((?:ck|uq|fk)_\w+)`/g)].map(([, name]) => name!);
    expect(names.length).toBeGreaterThan(5);
    const schema = filesBelow('libs/platform/migrations', /\.ts$/).map(readText).join('\n');
    expect(names.filter((name) => !schema.includes(`${name} `))).toEqual([]);
  });
});

describe('settings', () => {
  /** Which files of a process name the settings it reads. */
  const READERS = {
    api: 'apps/api/main.ts',
    worker: 'apps/worker/worker.config.ts',
    migrate: 'apps/api/migrate.ts',
    import: 'apps/api/import-meters.ts',
    seed: 'apps/api/seed-demo.ts',
    'token-server': 'apps/token-server/config.ts',
    sandbox: 'apps/sandbox/config.ts',
  } as const;
  /** The part of the token server's schema that belongs to the keystore. */
  const KEYSTORE = 'libs/keystore/keystore.settings.ts';
  const SCHEMAS = ['libs/platform/config/config.ts', READERS['token-server'], KEYSTORE, READERS.sandbox];

  function settingsIn(path: string): string[] {
    const text = readText(path);
    const list = /(?:readConfig\(|WORKER_SETTINGS = )\[([^]*?)\]/.exec(text);
    const names = list
      ? [...list[1]!.matchAll(/'([A-Z_]+)'/g)]
      : [.../z\.object\(\{([^]*?)\n\}\)/.exec(text)![1]!.matchAll(/^ {2}([A-Z_]+):/gm)];
    if (text.includes('...KEYSTORE_SETTINGS')) names.push(...readText(KEYSTORE).matchAll(/^ {2}([A-Z0-9_]+):/gm));
    return names.map(([, name]) => name!).filter((name) => name !== 'NODE_ENV');
  }

  function defaultOf(setting: string): string {
    for (const schema of SCHEMAS) {
      const rule = new RegExp(`^  ${setting}:([^]*?)(?=^  (?:[A-Z0-9_]+:|/\\*\\*)|^\\})`, 'm').exec(
        readText(schema),
      )?.[1];
      const value = rule && (/\.default\(([^)]+)\)/.exec(rule) ?? /count\((\w+),/.exec(rule))?.[1];
      if (value) return value.replaceAll(/['_]/g, '');
    }
    return '';
  }

  it('are all in the table, with who reads them and their defaults', () => {
    const inCode = new Map<string, string[]>();
    for (const [reader, path] of Object.entries(READERS)) {
      for (const name of settingsIn(path)) inCode.set(name, [...(inCode.get(name) ?? []), reader]);
    }
    const order = Object.keys(READERS);
    const onPage = tableOf('README.md', 'settings').map(([name, readers, value]) => [
      bare(name),
      readers!.split(', ').sort((a, b) => order.indexOf(a) - order.indexOf(b)),
      bare(value),
    ]);
    const expected = [...inCode].map(([name, readers]) => [name, readers, defaultOf(name)]);
    const byName = (a: unknown[], b: unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1);
    expect(onPage.sort(byName)).toEqual(expected.sort(byName));
  });
});

it('every finding of the trace is on the page, as it is said', () => {
  const onPage = tableOf('docs/API.md', 'findings').map(([code, ...rest]) => [bare(code), ...rest]);
  const inCode = Object.entries(FINDING_WORDS).map(([code, { says, next }]) => [code, says.en, next.en]);
  expect(onPage).toEqual(inCode);
});

describe('error codes', () => {
  it.each(Object.keys(CODE_TABLES) as (keyof typeof CODE_TABLES)[])('%s are current', (name) => {
    // On failure: node docker/run.mjs test/docs/write-error-codes
    const onPage = tableOf(CODES_PAGE, name).map(([first, ...rest]) => [bare(first), ...rest]);
    expect(onPage).toEqual(CODE_TABLES[name].rows);
  });
});

describe('permissions', () => {
  it.each(Object.keys(PERMISSION_TABLES) as (keyof typeof PERMISSION_TABLES)[])('%s are current', (name) => {
    // On failure: node docker/run.mjs test/docs/write-error-codes
    const onPage = tableOf(PERMISSIONS_PAGE, name).map(([first, ...rest]) => [bare(first), ...rest]);
    expect(onPage).toEqual(PERMISSION_TABLES[name].rows);
  });
});

describe('the rooms', () => {
  it('may import what the walls let them, and no other room is built', () => {
    const { forbidden } = jest.requireActual<{ forbidden: { name: string; comment?: string }[] }>(WALLS);
    const walls = forbidden.flatMap(({ name, comment = '' }) => {
      const [, room] = /^room-(.+)$/.exec(name) ?? [];
      const may = comment.replace(/^.* may import /, '').replace('no other room', '–');
      return room !== undefined && existsSync(join(ROOT, 'libs', room)) ? [[room, may]] : [];
    });
    expect(walls.length).toBeGreaterThan(20);
    const onPage = tableOf(ARCHITECTURE, 'rooms').map(([room, , may]) => [bare(room), bare(may)]);
    expect(onPage.sort()).toEqual(walls.sort());
  });
});

describe('lists', () => {
  it('name every decision, under its number', () => {
    const listed = [...readText('docs/README.md').matchAll(/^(\d+)\. \[.*\]\((adr\/(\d+)-.*\.md)\)$/gm)];
    expect(listed.filter(([, place, , number]) => Number(place) !== Number(number))).toEqual([]);
    expect(listed.map(([, , file]) => `docs/${file}`)).toEqual(filesBelow('docs/adr', /\.md$/).sort());
  });

  it('explain each term once', () => {
    const rows = [...readText('docs/GLOSSARY.md').matchAll(/^\| (?!Term|-)([^|]+?) +\|/gm)].map(([, term]) => term!);
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.filter((term, index) => rows.indexOf(term) !== index)).toEqual([]);
  });
});

describe('runbooks', () => {
  /** A table and two accounts, whose names begin like a figure's. */
  const NOT_FIGURES = ['vend_tokens', 'vend_app', 'vend_migrate'];

  it('list every figure there is, and name no other', () => {
    const made = /\b(?:counter|gauge|histogram)\(\s*'(vend_[a-z_]+)'/g;
    const inCode = new Set([...code.matchAll(made)].map(([, name]) => name!));
    const listed = tableOf('docs/runbooks/README.md', 'figures').map(([name]) => bare(name));
    expect(listed.sort()).toEqual([...inCode].sort());
    const named = pages().flatMap((page) => [...readText(page).matchAll(/`(vend_[a-z_]+_[a-z]+)`/g)]);
    const unknown = named.map(([, name]) => name!).filter((name) => !inCode.has(name) && !NOT_FIGURES.includes(name));
    expect(unknown).toEqual([]);
  });
  it('quote log lines that are written somewhere', () => {
    const quoted = filesBelow('docs/runbooks', /\.md$/).flatMap((page) =>
      [...readText(page).matchAll(/`"([^"`]+)"`/g)].map(([, line]) => ({ page, line: line! })),
    );
    expect(quoted.length).toBeGreaterThan(8);
    expect(quoted.filter(({ line }) => !code.includes(`'${line}'`))).toEqual([]);
  });
});

describe('every page', () => {
  it.each(pages())('%s links to what is there', (page) => {
    const links = [...readText(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target]) => target!);
    const broken = links.filter((target) => {
      const [file, anchor] = target.split('#');
      const path = file ? join(dirname(page), file) : page;
      if (!existsSync(join(ROOT, path))) return true;
      return anchor !== undefined && !anchorsOf(path).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it.each(pages())('%s names files and commands that exist', (page) => {
    const text = readText(page);
    const files = [...text.matchAll(/`((?:apps|libs|docker|test|proto)\/[\w./-]+)`/g)].map(([, path]) => path!);
    const entries = [...text.matchAll(/node dist\/([\w./-]+)\.js/g)].map(([, path]) => `${path}.ts`);
    const runs = [...text.matchAll(/node docker\/run\.mjs ([\w./-]+)/g)].map(([, path]) => `${path}.ts`);
    expect([...files, ...entries, ...runs].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> };
    const npm = [...text.matchAll(/npm (?:run (?:-s )?)?(start|test|(?<=run (?:-s )?)(?!-s )[\w:-]+)/g)].map(
      ([, script]) => script!,
    );
    expect(npm.filter((script) => !(script in scripts))).toEqual([]);
    const launcher = [...text.matchAll(/node docker\/bootstrap\.mjs (\w+)/g)].map(([, command]) => command!);
    expect(launcher.filter((command) => !readText('docker/bootstrap.mjs').includes(`  ${command}: '`))).toEqual([]);
  });

  it('README.md names every npm script, or the command that it runs', () => {
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> };
    const readme = readText('README.md');
    const unnamed = Object.entries(scripts).filter(
      ([name, command]) => !new RegExp(`npm (run (-s )?)?${name}\\b`).test(readme) && !readme.includes(command),
    );
    expect(unnamed).toEqual([]);
  });
});

/** The anchors that a page's headings have, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  const headings = [...readText(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
