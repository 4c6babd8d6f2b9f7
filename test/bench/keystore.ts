/**
 * How fast a security module makes tokens, in software and over a PKCS#11 token (SoftHSM), when decoder keys have to be
 * derived (cold) and when they are at hand (warm).
 *
 *   npm run bench:keystore
 */
import { cpuUsage } from 'node:process';
import { IEC_SAMPLE_TABLES, meterPanOfDrn, makeDrn } from '@vend/sts';
import { createKeyFile, openPkcs11Module, openPkcs11Token, Pkcs11Kek, SoftwareSecurityModule } from '@vend/keystore';
import type { MeterKey, SecurityModule } from '@vend/keystore';
import { SoftHsmToken, softHsmMissing } from '../../libs/keystore/pkcs11/softhsm.fixture';

const METERS = 20_000;
const AT_ONCE = 32;
const keys = () => [
  { ...KEY, sgc: '201457', dkga: 4 as const, value: Buffer.from('abababababababab949494949494949401234567', 'hex') },
  { ...KEY, sgc: '123456', dkga: 2 as const, value: Buffer.from('abababababababab', 'hex') },
];
const KEY = { krn: 1, kind: 'VUDK', baseDate: 2014, ken: 255, state: 'active', issuedUntil: null } as const;

function meters(ea: '07' | '11'): MeterKey[] {
  const sgc = ea === '11' ? '201457' : '123456';
  return Array.from({ length: METERS }, (_, i) => {
    const pan = meterPanOfDrn(makeDrn('01', String(i).padStart(8, '0')));
    return { pan, ea, tct: '02', sgc, krn: 1, ti: '01', kt: 2, ken: 255, baseDate: 2014 };
  });
}

async function measure(name: string, module: SecurityModule, of: readonly MeterKey[]): Promise<void> {
  const begun = { cpu: cpuUsage(), ms: performance.now() };
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let i = next++; i < of.length; i = next++) {
      await module.issueCredit(of[i]!, { subclass: 0, tid: 6_612_482, rnd: 5, amountUnits: 256n });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  const seconds = (performance.now() - begun.ms) / 1000;
  const { user, system } = cpuUsage(begun.cpu);
  const perSecond = Math.round(of.length / seconds).toLocaleString('en');
  const cpu = ((user + system) / of.length).toFixed(1);
  console.log(`${name.padEnd(44)} ${perSecond.padStart(9)} tokens/s   ${cpu.padStart(6)} µs CPU a token`);
}

async function both(name: string, module: SecurityModule): Promise<void> {
  for (const [ea, what] of [
    ['11', 'EA11 under DKGA04'],
    ['07', 'EA07 under DKGA02'],
  ] as const) {
    const some = meters(ea);
    await measure(`${name}, ${what}, cold`, module, some);
    await measure(`${name}, ${what}, warm`, module, some);
  }
  module.close();
}

async function main(): Promise<void> {
  const options = { tables: IEC_SAMPLE_TABLES, cacheSize: 2 * METERS };
  await both(
    'software',
    new SoftwareSecurityModule(
      keys().map((key) => ({ ...key, kcv: '000000' })),
      options,
    ),
  );
  if (softHsmMissing !== null) return console.log(`PKCS#11 not measured: ${softHsmMissing}`);
  const hsm = SoftHsmToken.create();
  const kek = Pkcs11Kek.generate(await openPkcs11Token(hsm.access));
  await both('SoftHSM', await openPkcs11Module(kek, await createKeyFile(kek, keys(), Date.now()), options));
  kek.close();
  hsm.remove();
}

void main();
