// Proves the PKCS#11 module on a real SoftHSM token: the conformance suite of all security modules, keys that cannot be read out of the token, and a token that goes away in mid-flight.
import { randomBytes } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IEC_SAMPLE_TABLES } from '@vend/sts';
import * as pkcs11 from 'pkcs11js';
import {
  createKeyFile,
  openVendingKeys,
  sealVendingKey,
  underAnotherKek,
  verifyKeyFile,
  withStanding,
  nextGeneration,
} from '../key-file';
import type { NewVendingKey } from '../key-file';
import type { SealedKeyFile } from '../key-file.format';
import { DES_KEY, HMAC_KEY, publicKeys, refusalCodeOf } from '../keystore.fixture';
import { CONFORMANCE_KEYS, securityModuleConformance } from '../security-module.conformance';
import { IN_FORCE } from '../security-module.conformance-case';
import type { PublicKeyLine } from '../security-module.conformance-case';
import type { MeterKey, SecurityModule } from '../security-module';
import { SoftwareKek } from '../software-kek';
import { SoftwareSecurityModule } from '../software-module';
import { Pkcs11Kek } from './pkcs11-kek';
import { openPkcs11Module } from './pkcs11-module';
import type { Pkcs11SecurityModule } from './pkcs11-module';
import { openPkcs11Token } from './pkcs11-token';
import { SoftHsmToken, softHsmMissing } from './softhsm.fixture';

const NOW = Date.UTC(2026, 10, 21, 4);
const EA11: MeterKey = {
  pan: '600727000000000009',
  ea: '11',
  tct: '02',
  sgc: '201457',
  krn: 1,
  ti: '01',
  kt: 2,
  ken: 200,
  baseDate: 2014,
};
const EA07: MeterKey = { ...EA11, ea: '07', sgc: '123456', ken: 255 };
const credit = { subclass: 0, tid: 6_612_482, rnd: 5, amountUnits: 256n } as const;

function newKeys(lines: readonly PublicKeyLine[]): NewVendingKey[] {
  return lines.map(({ hex, ...key }) => ({ ...IN_FORCE, ...key, value: Buffer.from(hex, 'hex') }));
}

/** Says in the open why nothing of this runs, where it cannot. */
const withSoftHsm = softHsmMissing === null ? describe : describe.skip;
if (softHsmMissing !== null) {
  it('says why the PKCS#11 module is not tried here', () => {
    console.warn(`PKCS#11 not tested: ${softHsmMissing}`);
    expect(softHsmMissing).toMatch(/SoftHSM|pkcs11js/);
  });
}

withSoftHsm('the PKCS#11 module', () => {
  let hsm: SoftHsmToken;
  let kek: Pkcs11Kek;

  beforeAll(async () => {
    hsm = SoftHsmToken.create();
    kek = Pkcs11Kek.generate(await openPkcs11Token(hsm.access));
  });
  afterAll(() => {
    kek.close();
    hsm.remove();
  });

  const moduleOf = (file: SealedKeyFile, cacheSize = 100, now = () => NOW): Promise<Pkcs11SecurityModule> =>
    openPkcs11Module(kek, file, { tables: IEC_SAMPLE_TABLES, cacheSize, now });

  async function open(cacheSize: number, keys = CONFORMANCE_KEYS, now = () => NOW): Promise<SecurityModule> {
    return moduleOf(await createKeyFile(kek, newKeys(keys), NOW), cacheSize, now);
  }

  it.each(softHsmMissing === null ? securityModuleConformance(open) : [])('$name', ({ run }) => run());

  it('makes the tokens that the software module makes, cached or not', async () => {
    const software = new SoftwareSecurityModule(
      publicKeys().map((key) => ({ ...key, kcv: '000000' })),
      { tables: IEC_SAMPLE_TABLES, cacheSize: 10 },
    );
    const module = await moduleOf(await createKeyFile(kek, publicKeys(), NOW));
    for (const meter of [EA11, EA07, { ...EA11, ea: '07' as const }, EA11]) {
      const { digits } = await module.issueCredit(meter, credit);
      expect(digits).toBe((await software.issueCredit(meter, credit)).digits);
    }
    module.close();
  });

  it('keeps its promises under concurrency: many meters, few places in the cache', async () => {
    const module = await moduleOf(await createKeyFile(kek, publicKeys(), NOW), 3);
    const asked = Array.from({ length: 200 }, (_, i) => ({
      ...(i % 2 ? EA11 : EA07),
      ti: String(i % 7).padStart(2, '0'),
    }));
    const many = await Promise.all(asked.map((meter) => module.issueCredit(meter, credit)));
    const alone: string[] = [];
    for (const meter of asked.slice(0, 14)) alone.push((await module.issueCredit(meter, credit)).digits);
    expect(many.slice(0, 14).map(({ digits }) => digits)).toEqual(alone);
    expect(new Set(many.map(({ digits }) => digits)).size).toBe(14);
    module.close();
  });

  describe('custody', () => {
    it('holds a KEK that the token neither shows nor lets out, and that cannot decrypt what it wraps', () => {
      const { CKA_SENSITIVE, CKA_EXTRACTABLE, CKA_DECRYPT, CKA_UNWRAP, CKA_NEVER_EXTRACTABLE } = pkcs11;
      const asked = [CKA_SENSITIVE, CKA_EXTRACTABLE, CKA_NEVER_EXTRACTABLE, CKA_DECRYPT, CKA_UNWRAP];
      const flagsOf = (label: string) =>
        kek.token.hold(({ api, handle }) => {
          api.C_FindObjectsInit(handle, [{ type: pkcs11.CKA_LABEL, value: label }]);
          const object = api.C_FindObjects(handle)!;
          api.C_FindObjectsFinal(handle);
          expect(() => api.C_GetAttributeValue(handle, object, [{ type: pkcs11.CKA_VALUE }])).toThrow('CKR_');
          const answer = api.C_GetAttributeValue(
            handle,
            object,
            asked.map((type) => ({ type })),
          );
          return answer.map(({ value }) => value[0]);
        });
      expect(flagsOf('vend-kek-seal')).toEqual([1, 0, 1, 1, 0]);
      expect(flagsOf('vend-kek-wrap')).toEqual([1, 0, 1, 0, 1]);
    });

    it('wraps 160-bit keys so that this process cannot open them, and shows no key in the file', async () => {
      const file = await createKeyFile(kek, publicKeys(), NOW);
      expect(file.keys.map(({ method }) => method)).toEqual(['sealed', 'wrapped']);
      const wrapped = Buffer.from(file.keys[1]!.value, 'base64');
      expect(await refusalCodeOf(() => kek.open(wrapped, ''))).toBe('key-file-tampered');
      for (const hex of [DES_KEY, HMAC_KEY]) {
        expect(JSON.stringify(file)).not.toContain(hex);
        expect(JSON.stringify(file)).not.toContain(Buffer.from(hex, 'hex').toString('base64'));
      }
    });

    it('leaves no object in the token once it is closed', async () => {
      const count = () =>
        kek.token.hold(({ api, handle }) => {
          api.C_FindObjectsInit(handle, [{ type: pkcs11.CKA_TOKEN, value: false }]);
          const found = api.C_FindObjects(handle, 100);
          api.C_FindObjectsFinal(handle);
          return found.length;
        });
      const before = count();
      const module = await moduleOf(await createKeyFile(kek, publicKeys(), NOW));
      expect(count()).toBe(before + 2);
      module.close();
      expect(count()).toBe(before);
    });

    it('changes the state of a wrapped key, and moves it to a new KEK inside the token', async () => {
      const file = await createKeyFile(kek, publicKeys(), NOW);
      const retired = await withStanding(kek, file.set, file.keys[1]!, { state: 'retired' });
      const second = await nextGeneration(kek, file, { keys: [file.keys[0]!, retired] }, NOW);
      const next = Pkcs11Kek.generate(kek.token);
      const moved = await underAnotherKek(kek, next, second, NOW);
      const sibling = kek.sibling(next.id);
      await verifyKeyFile(sibling, moved);
      // One that goes does not take the token from the other.
      sibling.close();
      await verifyKeyFile(next, moved);
      expect(moved.keys.map(({ method }) => method)).toEqual(['sealed', 'wrapped']);
      const module = await openPkcs11Module(next, moved, { tables: IEC_SAMPLE_TABLES, cacheSize: 10 });
      expect(await refusalCodeOf(() => module.issueCredit(EA11, credit))).toBe('key-not-active');
      expect((await module.issueCredit(EA07, credit)).digits).toMatch(/^\d{20}$/);
      module.close();
      expect(await refusalCodeOf(() => moduleOf(moved))).toBe('key-file-tampered');
    });

    it('opens the same file as a software KEK of the same shares, both ways', async () => {
      const master = randomBytes(32);
      const inMemory = new SoftwareKek(master);
      const inToken = Pkcs11Kek.import(kek.token, master);
      expect(inToken.id).toBe(inMemory.id);
      const fromToken = await createKeyFile(inToken, publicKeys(), NOW);
      await verifyKeyFile(inMemory, fromToken);
      const opened = await openVendingKeys(inMemory, fromToken);
      expect(opened.map(({ value }) => value.toString('hex'))).toEqual([DES_KEY, HMAC_KEY]);
      const fromMemory = await createKeyFile(inMemory, publicKeys(), NOW);
      await verifyKeyFile(inToken, fromMemory);
      const module = await openPkcs11Module(inToken, fromMemory, { tables: IEC_SAMPLE_TABLES, cacheSize: 10 });
      expect((await module.issueCredit(EA11, credit)).digits).toMatch(/^\d{20}$/);
      module.close();
    });
  });

  describe('refuses by name', () => {
    it('a wrapped key with any byte changed, or of another KEK', async () => {
      const file = await createKeyFile(kek, publicKeys(), NOW);
      for (const at of [0, 20, 71]) {
        const bytes = Buffer.from(file.keys[1]!.value, 'base64');
        bytes[at]! ^= 1;
        const twisted = [file.keys[0]!, { ...file.keys[1]!, value: bytes.toString('base64') }];
        expect(await refusalCodeOf(() => verifyKeyFile(kek, { ...file, keys: twisted }))).toBe('key-file-tampered');
        const resealed = await nextGeneration(kek, file, { keys: twisted }, NOW);
        expect(await refusalCodeOf(() => moduleOf(resealed))).toBe('key-file-tampered');
      }
    });

    it('a wrapped key under the check value of another', async () => {
      const file = await createKeyFile(kek, publicKeys(), NOW);
      const other = await sealVendingKey(kek, file.set, { ...publicKeys()[1]!, value: randomBytes(20) });
      const swapped = [file.keys[0]!, { ...file.keys[1]!, value: other.value }];
      const resealed = await nextGeneration(kek, file, { keys: swapped }, NOW);
      expect(await refusalCodeOf(() => moduleOf(resealed))).toBe('key-file-tampered');
    });

    it('a KEK that the token does not hold', async () => {
      expect(await refusalCodeOf(() => kek.sibling('0123456789abcdef'))).toBe('kek-wrong');
      const file = await createKeyFile(new SoftwareKek(randomBytes(32)), publicKeys(), NOW);
      expect(await refusalCodeOf(() => verifyKeyFile(kek, file))).toBe('kek-wrong');
    });

    it('a library that is none, a token that is not there, a PIN file that is open or gone', async () => {
      const { access } = hsm;
      const opening = (change: object) => refusalCodeOf(() => openPkcs11Token({ ...access, ...change }));
      expect(await opening({ library: '/nowhere.so' })).toBe('pkcs11-unavailable');
      expect(await opening({ tokenLabel: 'another' })).toBe('pkcs11-token-not-found');
      expect(await opening({ pinSource: '/nowhere' })).toBe('pkcs11-pin-unreadable');
      const open = join(hsm.folder, 'open-pin');
      writeFileSync(open, hsm.pin);
      chmodSync(open, 0o644);
      expect(await opening({ pinSource: open })).toBe('pkcs11-pin-permissive');
    });
  });

  describe('when the token goes away', () => {
    /** All sessions of the process are closed under it, as when the device is pulled out. */
    const pullOut = (): void => kek.token.hold(({ api }) => api.C_CloseAllSessions(api.C_GetSlotList(true)[0]!));
    const meters = Array.from({ length: 40 }, (_, i) => ({ ...EA11, ti: String(i).padStart(2, '0') }));

    it('finishes or refuses what is under way, and serves again once it is back, with the same tokens', async () => {
      const module = await moduleOf(await createKeyFile(kek, publicKeys(), NOW), 1);
      const expected = await Promise.all(meters.map((meter) => module.issueCredit(meter, credit)));
      const underWay = meters.map((meter) => module.issueCredit(meter, credit));
      pullOut();
      const outcomes = await Promise.allSettled(underWay);
      outcomes.forEach((outcome, i) => {
        if (outcome.status === 'fulfilled') expect(outcome.value).toEqual(expected[i]);
        else expect(outcome.reason).toMatchObject({ code: 'module-unavailable' });
      });
      const again = await Promise.all(meters.map((meter) => module.issueCredit(meter, credit)));
      expect(again).toEqual(expected);
      module.close();
    });

    it('refuses with module-unavailable while it is away, serves meters whose key is at hand, and finds it again', async () => {
      let now = NOW;
      const module = await moduleOf(await createKeyFile(kek, publicKeys(), NOW), 100, () => now);
      const known = await module.issueCredit(EA11, credit);
      const other = { ...EA11, ti: '55' };
      const library = kek.token.hold(({ api }) => api);
      library.C_Finalize();
      expect(await refusalCodeOf(() => module.issueCredit(other, credit))).toBe('module-unavailable');
      expect(await module.issueCredit(EA11, credit)).toEqual(known);
      library.C_Initialize({ flags: pkcs11.CKF_OS_LOCKING_OK });
      // Not asked again at once: a queue of meters must not become a storm of logins.
      expect(await refusalCodeOf(() => module.issueCredit(other, credit))).toBe('module-unavailable');
      now += 1_000;
      expect((await module.issueCredit(other, credit)).digits).toMatch(/^\d{20}$/);
      module.close();
    });
  });
});
