// Proves that the HTTP link keeps the contract of every meter link, against the sandbox's head-end and its virtual meters over real sockets.
import { SoftwareSecurityModule } from '@vend/keystore';
import { MeterLinkHttp } from '@vend/meterlink';
import { conformsToMeterLink, type MeterLinkWorld } from '../../libs/meterlink/meter-link.conformance';
import { meterNo } from '../builders/meters';
import { HeadEndScene } from '../support/head-end';
import { IEC_SAMPLE_TABLES } from '@vend/sts';

const SERIAL = 640_001;
const NOW = Date.UTC(2026, 10, 21, 4, 30);
const SANDBOX_MODES = { healthy: 'none', silent: 'lose-answer' } as const;

async function openSandbox(): Promise<MeterLinkWorld> {
  const scene = await HeadEndScene.open([{ serial: SERIAL }]);
  const link = new MeterLinkHttp(scene.headEnd, { timeoutMs: 1_000 });
  const { pan } = meterNo(SERIAL);
  let tid = 6_600_000;
  const module = new SoftwareSecurityModule(
    [
      {
        ...{ sgc: '123456', krn: 1, dkga: 2, baseDate: 2014, ken: 255, kind: 'VUDK', state: 'active' },
        ...{ issuedUntil: null, kcv: '000000', value: Buffer.from('abababababababab', 'hex') },
      },
    ],
    { tables: IEC_SAMPLE_TABLES, cacheSize: 10, now: () => NOW },
  );
  const meter = { pan, ea: '07', tct: '02', sgc: '123456', krn: 1, ti: '01', kt: 2, ken: 255, baseDate: 2014 } as const;
  return {
    link,
    meterNo: pan,
    secret: scene.headEnd.secret.toString('base64url'),
    tokens: async (count) => {
      const made = [];
      for (let sequence = 1; sequence <= count; sequence++) {
        const request = { subclass: 0, tid: (tid += 10), rnd: 1, amountUnits: 10n } as const;
        const { digits } = await module.issueCredit(meter, request);
        made.push({ sequence, of: count, kind: 'credit', digits });
      }
      return made;
    },
    accepted: () => scene.accepted(pan),
    play: (mode) => {
      scene.play(mode in SANDBOX_MODES ? SANDBOX_MODES[mode as keyof typeof SANDBOX_MODES] : (mode as 'down'));
      return Promise.resolve();
    },
    close: async () => {
      await link.close();
      await scene.close();
    },
  };
}

describe('the HTTP link', () => conformsToMeterLink(openSandbox));
