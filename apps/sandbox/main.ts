import 'reflect-metadata';
import { ConsoleLogger } from '@nestjs/common';
import { readSandboxConfig } from './config';
import { createSandbox } from './sandbox.app';

async function main(): Promise<void> {
  const config = readSandboxConfig(process.env);
  const app = await createSandbox(config);
  await app.listen(config.port, config.host);
  new ConsoleLogger('sandbox', { json: true }).log(`The sandbox answers on ${await app.getUrl()}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
