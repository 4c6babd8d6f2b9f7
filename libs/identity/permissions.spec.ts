// Proves what the table of permissions may never come to say: rights nobody named, a partner at a counter, one person
// who both manages people and moves money, an approver who was never asked.
import { ROLES } from './identity';
import { PERMISSIONS, roleMay, type Permission } from './permissions';

const names = Object.keys(PERMISSIONS) as Permission[];

it.each(names)('%s is given to somebody, to roles that exist, and to each once', (name) => {
  const roles = PERMISSIONS[name];
  expect(name).toMatch(/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/);
  expect(roles.length).toBeGreaterThan(0);
  expect(new Set(roles).size).toBe(roles.length);
  for (const role of roles) expect(ROLES).toContain(role);
});

it('gives partners their own three permissions and no other', () => {
  expect(names.filter((name) => roleMay('partner', name))).toEqual(['biller.use', 'callback.send', 'sms.bring']);
  for (const name of ['biller.use', 'callback.send', 'sms.bring'] as const)
    expect(PERMISSIONS[name]).toEqual(['partner']);
});

it('gives customers their own page and nothing else', () => {
  expect(names.filter((name) => roleMay('customer', name))).toEqual(['own-meters.use']);
  expect(PERMISSIONS['own-meters.use']).toEqual(['customer']);
});

it('keeps those who manage people, and those who only look, away from vends and approvals', () => {
  const moves = names.filter((name) => /^(vend\.(?!read)|approve\.|pack\.(?!read))/.test(name));
  expect(moves.length).toBeGreaterThan(15);
  for (const role of ['administrator', 'auditor', 'call-centre', 'tariff-officer'] as const) {
    // What a tariff officer may approve is another one's tariff.
    const own = role === 'tariff-officer' ? ['approve.tariff'] : [];
    expect(moves.filter((name) => roleMay(role, name))).toEqual(own);
  }
});

it('lets nobody approve a kind who may not approve at all', () => {
  for (const name of names.filter((each) => each.startsWith('approve.'))) {
    for (const role of PERMISSIONS[name]) expect(PERMISSIONS['approval.decide']).toContain(role);
  }
});

it('lets an auditor look and do nothing', () => {
  const may = names.filter((name) => roleMay('auditor', name));
  expect(may.filter((name) => !/\.(read|find|manage-own)$/.test(name))).toEqual([]);
});
