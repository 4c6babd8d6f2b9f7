import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { SandboxConfig } from '../../apps/sandbox/config';
import { createSandbox } from '../../apps/sandbox/sandbox.app';

/** The zero meters of STS.md section 7 with the decoder keys of its worked examples. */
export const TEST_METERS = {
  '600727000000000009': {
    decoderKeyHex: '929bd3a415c9420a05ec5ee9f3ce91c3',
    ea: '11',
    baseDate: 2014,
    sgc: '201457',
    krn: 1,
    ti: '01',
    kt: 2,
    ken: 255,
  },
  '000001000000000082': {
    decoderKeyHex: 'e94023262e9993c2',
    ea: '07',
    baseDate: 2014,
    sgc: '123456',
    krn: 1,
    ti: '01',
    kt: 2,
    ken: 255,
  },
} as const;
export const TEST_PARTNER = {
  code: 'test-wallet',
  name: 'Test wallet',
  keyId: 'key-1',
  secret: Buffer.alloc(32, 7).toString('base64url'),
  kind: 'mobile-money',
};

/** A directory with the two files that the launcher would have made. */
export async function sandboxFiles(): Promise<{ directory: string; config: SandboxConfig; remove(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'sandbox-'));
  const config: SandboxConfig = {
    host: '127.0.0.1',
    port: 0,
    apiUrl: 'http://127.0.0.1:9',
    stateDir: join(directory, 'state'),
    decoderKeysFile: join(directory, 'decoder-keys.json'),
    partnersFile: join(directory, 'partners.json'),
  };
  await writeFile(config.decoderKeysFile, JSON.stringify(TEST_METERS));
  await writeFile(config.partnersFile, JSON.stringify([TEST_PARTNER]));
  return { directory, config, remove: () => rm(directory, { recursive: true, force: true }) };
}

/** A sandbox on a port of its own. */
export async function startSandbox(config: SandboxConfig): Promise<{ app: NestFastifyApplication; url: string }> {
  const app = await createSandbox(config);
  await app.listen(0, '127.0.0.1');
  return { app, url: await app.getUrl() };
}
