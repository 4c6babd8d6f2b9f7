// Proves that the list of callers is strict: what it does not say is forbidden, and what it says wrongly is named, all at once.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CallerPolicyError, readCallerPolicy } from './caller-policy';
import { CurrentPolicy } from './current-policy';

const folder = mkdtempSync(join(tmpdir(), 'callers-'));
const file = join(folder, 'callers.json');
afterAll(() => rmSync(folder, { recursive: true }));

function written(callers: unknown, version: unknown = 1): string {
  writeFileSync(file, JSON.stringify({ version, callers }));
  return file;
}

const api = {
  roles: ['issuer'],
  methods: ['IssueCredit', 'GetStatus'],
  supplyGroups: ['201457'],
  energyTenthsKwh: { perRequest: '20000', perDay: '9007199254740993' },
  requestsPerDay: 1000,
};

it('reads a caller; amounts are whole numbers beyond 2^53', () => {
  expect(readCallerPolicy(written({ api })).get('api')).toEqual({
    name: 'api',
    ...api,
    energyTenthsKwh: { perRequest: 20_000n, perDay: 9_007_199_254_740_993n },
    managementKinds: [],
  });
});

it('lets nobody in without a file, and gives nothing that is not written', () => {
  expect(readCallerPolicy(null).size).toBe(0);
  const bare = readCallerPolicy(written({ x: { roles: ['auditor'], methods: ['ReadAuditLog'] } })).get('x');
  expect(bare).toEqual({
    name: 'x',
    roles: ['auditor'],
    methods: ['ReadAuditLog'],
    supplyGroups: [],
    managementKinds: [],
    requestsPerDay: 0,
  });
});

it.each<[string, object, string]>([
  [
    'a method that no role covers',
    { ...api, methods: ['IssueKeyChange'] },
    'no role of this caller covers IssueKeyChange',
  ],
  ['the audit log for an issuer', { ...api, methods: ['ReadAuditLog'] }, 'covers ReadAuditLog'],
  ['an unknown role', { ...api, roles: ['root'] }, 'callers.api.roles.0'],
  ['an unknown field', { ...api, admin: true }, 'admin'],
  ['a supply group of 5 digits', { ...api, supplyGroups: ['12345'] }, 'callers.api.supplyGroups'],
  ['a broken amount', { ...api, energyTenthsKwh: { perRequest: '1.5', perDay: '2' } }, 'energyTenthsKwh.perRequest'],
  ['a limit without a day', { ...api, energyTenthsKwh: { perRequest: '1' } }, 'energyTenthsKwh.perDay'],
])('names %s', (_what, rules, fault) => {
  expect(() => readCallerPolicy(written({ api: rules }))).toThrow(fault);
});

it.each([
  ['a file that is gone', () => join(folder, 'gone'), 'cannot be read (ENOENT)'],
  ['a file that is not JSON', () => (writeFileSync(file, '{'), file), 'is not JSON'],
  ['another version', () => written({ api }, 2), 'version'],
])('refuses %s', (_what, path, fault) => {
  const read = () => readCallerPolicy(path());
  expect(read).toThrow(CallerPolicyError);
  expect(read).toThrow(fault);
});

it('keeps the list in force when the new one is faulty', () => {
  const policy = new CurrentPolicy(written({ api }));
  written({ api: { ...api, roles: [] } });
  expect(() => policy.reload()).toThrow(CallerPolicyError);
  expect(policy.current.has('api')).toBe(true);
  written({});
  policy.reload();
  expect(policy.current.size).toBe(0);
});
