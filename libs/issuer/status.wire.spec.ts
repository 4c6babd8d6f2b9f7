// Proves that a status of the token server is passed on by known fields alone, so that nothing more ever reaches a page, and that a malformed one is refused.
import { tokenServerStatusFromWire } from './status.wire';
import { TokenServerProtocolError } from './wire';

const key = {
  ...{ sgc: '123456', krn: 1, kind: 'VUDK', dkga: 4, baseDate: 2014, ken: 255, kcv: '5F1A22', state: 'active' },
  ...{ expiresAt: '2045-11-24T20:16:00.000+06:00', daysLeft: 6_942 },
};
const answer = {
  ...{
    staTables: 'production',
    warnings: [],
    tokensIssued: '12',
    requestsRefused: 0,
    auditLines: '13',
    auditHead: 'ab',
  },
  modules: [{ kind: 'software', keys: [key] }],
};

it('reads counts that are too large for a number on the wire, and the keys', () => {
  expect(tokenServerStatusFromWire(answer)).toEqual({
    ...{ staTables: 'production', warnings: [], tokensIssued: 12, requestsRefused: 0, auditLines: 13 },
    modules: [{ kind: 'software', keys: [key] }],
  });
});

it('drops what it does not know of a key', () => {
  const leaking = { ...answer, modules: [{ kind: 'software', keys: [{ ...key, value: 'abababababababab' }] }] };
  expect(JSON.stringify(tokenServerStatusFromWire(leaking))).not.toContain('abababababababab');
});

it('says null where a key never ends', () => {
  const endless = { ...answer, modules: [{ kind: 'software', keys: [{ ...key, expiresAt: '', daysLeft: -1 }] }] };
  expect(tokenServerStatusFromWire(endless).modules[0]!.keys[0]).toMatchObject({ expiresAt: null, daysLeft: null });
});

it.each([
  ['nothing', null],
  ['a key without its group', { ...answer, modules: [{ kind: 'software', keys: [{ ...key, sgc: undefined }] }] }],
  ['a count that is none', { ...answer, tokensIssued: 'many' }],
])('refuses %s', (_, malformed) => {
  expect(() => tokenServerStatusFromWire(malformed)).toThrow(TokenServerProtocolError);
});
