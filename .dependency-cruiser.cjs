/**
 * Who may open which door. The table is the design's, executed by `npm run check`; what is not listed is
 * forbidden. A room of libs/ or an app that is missing here may not import anything.
 */
const ROOMS = {
  kernel: [],
  sts: [],
  tariff: ['kernel'],
  pricebook: ['kernel', 'platform', 'tariff'],
  receipts: ['kernel'],
  // Receipts as files: fonts, PDF, pictures.
  paper: ['kernel', 'receipts'],
  platform: ['kernel'],
  ledger: ['kernel', 'platform'],
  meters: ['kernel', 'platform', 'identity', 'ledger', 'messages', 'sms', 'tables'],
  identity: ['kernel', 'platform'],
  messages: ['kernel', 'platform', 'identity', 'receipts'],
  sms: ['kernel', 'platform', 'messages'],
  counter: ['kernel', 'platform', 'identity', 'ledger'],
  payments: ['kernel', 'platform', 'identity', 'ledger'],
  // A company sells our recharges: it calls us, in its own dialect.
  billers: ['kernel', 'platform', 'identity', 'ledger', 'payments', 'meters', 'tariff', 'vending', 'webhooks'],
  // A customer pays on our page: we call a gateway, and it calls back.
  checkout: ['kernel', 'platform', 'identity', 'ledger', 'payments', 'meters', 'messages', 'sms', 'vending', 'cases'],
  // What providers say that they took, against what we vended and what the bank has.
  settlement: ['kernel', 'platform', 'identity', 'ledger', 'payments', 'tables', 'cases', 'webhooks'],
  // Tables that people send as files: CSV and XLSX, row by row.
  tables: ['kernel'],
  // What we tell partners by ourselves: rooms where something happens write it down with what happened.
  webhooks: ['kernel', 'platform', 'identity'],
  meterlink: ['kernel', 'platform'],
  vending: [
    ...['kernel', 'platform', 'tariff', 'pricebook', 'ledger', 'meters', 'meterlink'],
    ...['receipts', 'messages', 'sms', 'webhooks'],
  ],
  cases: ['kernel', 'platform', 'identity', 'ledger', 'meters', 'payments', 'receipts', 'messages', 'sms', 'vending'],
  inbound: ['kernel', 'platform', 'identity', 'meters', 'sms', 'messages'],
  // The customer's own page: who comes in by a code, and what is theirs.
  portal: ['kernel', 'platform', 'identity', 'meters', 'sms', 'messages'],
  keystore: ['kernel', 'sts'],
  issuer: ['kernel', 'platform', 'vending'],
  reports: ['kernel', 'platform'],
  watch: ['kernel', 'platform', 'identity'],
  broadcasts: ['kernel', 'platform', 'identity', 'sms', 'messages'],
  packfile: ['kernel'],
};
const VENDING_ROOMS = Object.keys(ROOMS).filter((room) => room !== 'sts' && room !== 'keystore');
const APPS = {
  api: VENDING_ROOMS,
  worker: VENDING_ROOMS,
  // Commands for people who check and close the books: the same rooms, no routes and no queues.
  auditor: VENDING_ROOMS,
  // The key officer's command: campaigns, with a certificate of the key-management role.
  campaigns: VENDING_ROOMS,
  'token-server': ['keystore', 'sts', 'kernel', 'platform'],
  // Plays the outside world: the meter's side of the standard, and nothing of how we vend.
  sandbox: ['kernel', 'sts', 'platform'],
  sts: ['sts'],
  // The counter's tool for an outage: a file, a journal, and nothing that needs a server.
  pack: ['packfile', 'kernel'],
  keys: ['keystore', 'sts', 'kernel', 'platform'],
  // Runs in a browser: what it shares with us comes over HTTP.
  pos: [],
};
/** What the pure rooms may import from outside, by module name. */
const PURE_ROOMS = {
  kernel: ['luxon', 'node:crypto', 'crypto'],
  sts: ['node-forge', 'node:crypto', 'crypto'],
  tariff: [],
  receipts: [],
};

const anyOf = (names) => `(?:${names.map((name) => name.replace(/[/.-]/g, '\\$&')).join('|')})`;
const SPECS = '\\.(?:int-|e2e-)?spec\\.ts$';
/** Packages are seen as node_modules/<name>/..., types as node_modules/@types/<name>/... */
const packages = (...names) => `node_modules/(?:@types/)?${anyOf(names)}(?:/|$)`;

const roomWalls = Object.entries(ROOMS).map(([room, allowed]) => ({
  name: `room-${room}`,
  comment: `libs/${room} may import ${allowed.join(', ') || 'no other room'}`,
  severity: 'error',
  from: { path: `^libs/${room}/` },
  to: { path: '^libs/', pathNot: `^libs/${anyOf([room, ...allowed])}/` },
}));

const appWalls = Object.entries(APPS).map(([app, allowed]) => ({
  name: `app-${app}`,
  comment: `apps/${app} may import ${allowed.join(', ')}, and no other app`,
  severity: 'error',
  from: { path: `^apps/${app}/` },
  to: { path: '^(?:libs|apps)/', pathNot: [`^libs/${anyOf(allowed)}/`, `^apps/${app}/`] },
}));

const pureWalls = Object.entries(PURE_ROOMS).map(([room, allowed]) => ({
  name: `pure-${room}`,
  comment: `libs/${room} is pure: from outside only ${allowed.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^libs/${room}/`, pathNot: SPECS },
  to: {
    dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown', 'unknown'],
    pathNot: allowed.length > 0 ? [`^${anyOf(allowed)}$`, packages(...allowed)] : undefined,
  },
}));

module.exports = {
  forbidden: [
    ...roomWalls,
    ...appWalls,
    ...pureWalls,
    {
      name: 'unknown-room',
      comment: 'A room or app that the table above does not know',
      severity: 'error',
      from: {
        path: '^(?:libs|apps)/',
        pathNot: `^(?:libs/${anyOf(Object.keys(ROOMS))}|apps/${anyOf(Object.keys(APPS))})/`,
      },
      to: {},
    },
    {
      name: 'libs-never-apps',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(?:apps|docker)/' },
    },
    {
      name: 'product-never-tests',
      comment: 'Only tests may use test/',
      severity: 'error',
      from: { path: '^(?:apps|libs|docker)/', pathNot: SPECS },
      to: { path: '^test/' },
    },
    {
      name: 'door',
      comment: 'Another room is entered by its index.ts only',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/', pathNot: ['^libs/$1/', '^libs/[^/]+/index\\.ts$'] },
    },
    {
      name: 'door-of-apps',
      comment: 'A room is entered by its index.ts only',
      severity: 'error',
      from: { path: '^apps/' },
      to: { path: '^libs/', pathNot: '^libs/[^/]+/index\\.ts$' },
    },
    {
      name: 'sql-in-its-place',
      comment: 'TypeORM and mysql2 only in store/, *.module.ts and platform',
      severity: 'error',
      from: { path: '^(?:apps|libs)/', pathNot: ['/store/', '\\.module\\.ts$', '^libs/platform/', SPECS] },
      to: { path: packages('typeorm', 'mysql2', '@nestjs/typeorm') },
    },
    {
      name: 'no-sql-beside-keys',
      comment: 'The token server and the keystore speak no SQL',
      severity: 'error',
      from: { path: '^(?:apps/(?:token-server|keys)|libs/keystore)/' },
      to: { path: packages('typeorm', 'mysql2', '@nestjs/typeorm', 'ioredis', 'bullmq') },
    },
    {
      name: 'nest-in-modules',
      comment: 'In a room only *.module.ts knows Nest (platform wires what all share)',
      severity: 'error',
      from: { path: '^libs/', pathNot: ['\\.module\\.ts$', '^libs/platform/', SPECS] },
      to: { path: packages('@nestjs') },
    },
    {
      name: 'class-validator-in-apps',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: packages('class-validator', 'class-transformer') },
    },
    {
      name: 'calendar-in-kernel',
      comment: 'Dhaka time is reckoned in one place',
      severity: 'error',
      from: { path: '^(?:apps|libs)/', pathNot: '^libs/kernel/' },
      to: { path: packages('luxon') },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-development-packages',
      comment:
        'What runs in production imports only "dependencies"; the pages are built before, with their packages inside',
      severity: 'error',
      from: { path: '^(?:apps|libs)/', pathNot: [SPECS, '^apps/pos/'] },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
        pathNot: '/@types/',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(?:dist|\\.local)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'default', 'import', 'types'],
    },
  },
};
