// Proves that what is read and written by hand is protobuf: every message both ways against proto-loader, and bytes of a
// stranger, cut or changed anywhere, either read as something or are refused by name.
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import fc from 'fast-check';
import { protoFolder } from '../calls/service';
import {
  encodeBulkPiece,
  encodeCreditToken,
  encodeFetched,
  encodeKeyChangeSet,
  encodeManagementToken,
  encodeOutcomes,
} from './answers';
import type { WireOutcome } from './answers';
import { varintLength, WireFormatError, writeVarint } from './reader';
import { readBulkPiece, readCreditGroup, readKeyChangeGroup, readManagementGroup } from './requests';

const definition = loadSync('vend/token/v1/token_server.proto', {
  includeDirs: [protoFolder()],
  longs: String,
  defaults: true,
  arrays: true,
  oneofs: true,
});
const service = definition['vend.token.v1.TokenServer'] as ServiceDefinition;
const encode = (method: string, message: object): Buffer => service[method]!.requestSerialize(message);
const decode = (method: string, bytes: Buffer): Record<string, never> =>
  service[method]!.responseDeserialize(bytes) as never;
const ascii = fc.string({ unit: fc.constantFrom(...'0123456789abcXYZ._:-|'), maxLength: 140 });
const uint32 = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 0xffff_ffff }));
const int64 = fc.oneof(fc.bigInt({ min: -5n, max: 300n }), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
const uint64 = fc.oneof(fc.bigInt({ min: 0n, max: 300n }), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
const meter = fc.record({
  meterPan: ascii,
  ...{ ea: uint32, tct: uint32, sgc: ascii, krn: uint32, ti: ascii, kt: uint32, ken: uint32, baseDate: uint32 },
});
const orNull = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null });
const credit = fc.record({
  requestId: ascii,
  meter: orNull(meter),
  ...{ subclass: uint32, tid: uint32, rnd: uint32, amountUnits: int64 },
});
const target = fc.record({ sgc: ascii, krn: uint32, ti: ascii, kt: uint32 });
const keyChange = fc.record({
  requestId: ascii,
  meter: orNull(meter),
  target: orNull(target),
  withSupplyGroup: fc.boolean(),
});
const test = fc.record({ subclass: uint32, manufacturer: uint32, control: uint64 });
const command = fc.oneof(
  uint64.map((value) => ({ kind: 'max-power-limit' as const, value })),
  uint32.map((value) => ({ kind: 'clear-credit' as const, value: BigInt(value) })),
  fc.constant({ kind: 'clear-tamper' as const, value: 0n }),
  uint64.map((value) => ({ kind: 'phase-unbalance-limit' as const, value })),
  test.map((one) => ({ kind: 'test-display' as const, test: one })),
);
const management = fc.record({
  requestId: ascii,
  meter: orNull(meter),
  command: orNull(command),
  tid: uint32,
  rnd: uint32,
});

const texts = <T extends object>(message: T): object =>
  JSON.parse(
    JSON.stringify(message, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
  ) as object;

const ONEOF = {
  'max-power-limit': 'setMaximumPowerLimitWatts',
  'clear-credit': 'clearCreditRegister',
  'clear-tamper': 'clearTamperCondition',
  'phase-unbalance-limit': 'setMaximumPhasePowerUnbalanceLimitWatts',
  'test-display': 'testDisplay',
} as const;

function managementMessage(request: typeof management extends fc.Arbitrary<infer T> ? T : never): object {
  const { command: asked, ...rest } = request;
  if (!asked) return rest;
  const value =
    asked.kind === 'test-display' ? texts(asked.test) : asked.kind === 'clear-tamper' ? {} : asked.value.toString();
  return { ...rest, [ONEOF[asked.kind]]: value };
}

describe('requests', () => {
  it('of credit are read as proto-loader writes them, alone and in bulk', () => {
    fc.assert(
      fc.property(fc.array(credit, { maxLength: 5 }), (requests) => {
        const message = { requests: requests.map(texts) };
        expect(readCreditGroup(encode('IssueCredit', message))).toEqual({ kind: 'credit', requests });
        expect(readBulkPiece(encode('BulkIssue', { credit: message }))).toEqual({ kind: 'credit', requests });
      }),
    );
  });

  it('of management are read as proto-loader writes them, alone and in bulk', () => {
    fc.assert(
      fc.property(fc.array(management, { maxLength: 5 }), (requests) => {
        const message = { requests: requests.map(managementMessage) };
        expect(readManagementGroup(encode('IssueManagement', message))).toEqual({ kind: 'management', requests });
        expect(readBulkPiece(encode('BulkIssue', { management: message }))).toEqual({ kind: 'management', requests });
      }),
    );
  });

  it('of key changes are read as proto-loader writes them, alone and in bulk', () => {
    fc.assert(
      fc.property(fc.array(keyChange, { maxLength: 5 }), (requests) => {
        const message = { requests: requests.map(texts) };
        expect(readKeyChangeGroup(encode('IssueKeyChange', message))).toEqual({ kind: 'key-change', requests });
        expect(readBulkPiece(encode('BulkIssue', { keyChange: message }))).toEqual({ kind: 'key-change', requests });
      }),
    );
  });

  it('without a group are null', () => {
    expect(readBulkPiece(Buffer.alloc(0))).toBeNull();
  });

  it('that are cut short, changed, or nothing at all never read beyond their end', () => {
    const whole = encode('BulkIssue', {
      keyChange: { requests: [{ requestId: 'a', meter: { meterPan: '1' }, target: {} }] },
    });
    const change = fc.record({
      at: fc.nat(whole.length - 1),
      to: fc.integer({ min: 0, max: 255 }),
      cut: fc.nat(whole.length),
    });
    const stranger = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      change.map(({ at, to, cut }) => {
        const bytes = Buffer.from(whole);
        bytes[at] = to;
        return bytes.subarray(0, cut);
      }),
    );
    fc.assert(
      fc.property(stranger, (bytes) => {
        for (const read of [readBulkPiece, readCreditGroup, readManagementGroup, readKeyChangeGroup]) {
          try {
            read(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(WireFormatError);
          }
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('pass over fields of a newer caller', () => {
    // Fields 15: a number, 8 bytes, text, 4 bytes.
    const unknown = Buffer.from('78ac02' + '79' + '00'.repeat(8) + '7a0161' + '7d00000000', 'hex');
    const one = Buffer.concat([Buffer.from('0a0161', 'hex'), unknown]);
    const list = Buffer.concat([Buffer.from([0x0a, one.length]), one, unknown]);
    expect(readCreditGroup(list).requests).toMatchObject([{ requestId: 'a', tid: 0 }]);
    expect(readKeyChangeGroup(list).requests).toMatchObject([{ requestId: 'a', target: null }]);
  });
});

describe('answers', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 20, maxLength: 20 });
  const kcv = fc.constantFrom('', 'ABCDEF');
  const error = { code: 'key-expired', message: 'The key has expired.', retryable: false };

  it('of all kinds are read by proto-loader as they were meant', () => {
    const member = fc.record({
      requestId: ascii,
      digits: orNull(digits),
      credited: fc.oneof(fc.bigInt({ min: 0n, max: 70_000n }), fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })),
      kcv,
      sample: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(member, { maxLength: 5 }), (members) => {
        const outcomes = members.map(({ requestId, digits: token, credited, kcv: check, sample }): WireOutcome =>
          token === null
            ? { requestId, error }
            : { requestId, ok: encodeCreditToken({ digits: token, creditedUnits: credited, kcv: check }, sample) },
        );
        const wanted = members.map(({ requestId, digits: token, credited, kcv: check, sample }) =>
          token === null
            ? { requestId, error, result: 'error' }
            : {
                requestId,
                ok: { tokenDec: token, creditedUnits: credited.toString(), vkKcv: check, sampleTables: sample },
                result: 'ok',
              },
        );
        expect(decode('IssueCredit', encodeOutcomes(outcomes))).toEqual({ outcomes: wanted });
        expect(decode('BulkIssue', encodeBulkPiece('credit', outcomes))).toEqual({
          credit: { outcomes: wanted },
          group: 'credit',
        });
      }),
    );
  });

  it('carry management tokens and key-change sets, fetched ones too', () => {
    const token = encodeManagementToken(
      { digits: '1'.repeat(20), tokenClass: 2, subclass: 6, value: 2n ** 40n, kcv: 'ABCDEF' },
      true,
    );
    const ok = {
      tokenDec: '1'.repeat(20),
      tokenClass: 2,
      subclass: 6,
      value: (2n ** 40n).toString(),
      vkKcv: 'ABCDEF',
      sampleTables: true,
    };
    expect(decode('IssueManagement', encodeOutcomes([{ requestId: 'm', ok: token }]))).toMatchObject({
      outcomes: [{ ok }],
    });
    expect(decode('FetchResult', encodeFetched({ kind: 'management', answer: token }))).toMatchObject({
      management: ok,
    });
    expect(decode('FetchResult', encodeFetched(error))).toMatchObject({ error, result: 'error' });

    const after = {
      pan: '600727000000000009',
      ea: '11',
      tct: '02',
      sgc: '201457',
      krn: 2,
      ti: '01',
      kt: 2,
      ken: 255,
      baseDate: 2014,
    } as const;
    const tokens = ['2', '3', '4', '5'].map((digit) => digit.repeat(20));
    const set = encodeKeyChangeSet({ tokens, after, rollover: true, fromKcv: 'AAAAAA', toKcv: 'BBBBBB' }, false);
    const wanted = {
      tokenDec: tokens,
      after: { meterPan: after.pan, ea: 11, tct: 2, sgc: '201457', krn: 2, ti: '01', kt: 2, ken: 255, baseDate: 2014 },
      ...{ rollover: true, fromVkKcv: 'AAAAAA', toVkKcv: 'BBBBBB', sampleTables: false },
    };
    const answered = encodeBulkPiece('key-change', [{ requestId: 'k', ok: set }]);
    expect(decode('BulkIssue', answered)).toMatchObject({ keyChange: { outcomes: [{ requestId: 'k', ok: wanted }] } });
    expect(decode('FetchResult', encodeFetched({ kind: 'key-change', answer: set }))).toMatchObject({
      keyChange: wanted,
    });
  });
});

it('writes numbers of any length in as many bytes as it says', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 31 - 1), fc.integer({ min: 1, max: 2 ** 21 }), (a, b) => {
      const value = a * b;
      const bytes = Buffer.alloc(12);
      expect(writeVarint(bytes, 0, value)).toBe(varintLength(value));
      let read = 0n;
      for (let i = varintLength(value) - 1; i >= 0; i -= 1) read = (read << 7n) | BigInt(bytes[i]! & 0x7f);
      expect(read).toBe(BigInt(value));
    }),
  );
});
