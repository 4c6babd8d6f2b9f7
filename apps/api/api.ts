import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiModule, type ApiSettings } from './api.module';
import { NestLogger } from './http/nest-logger';
import { createAdapter, prepareServer } from './http/server';
import { servePages } from './pages/pages';

/** Puts the API together, ready to listen; the same for the process and for tests. */
export async function createApi(settings: ApiSettings): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    ApiModule.forRoot(settings),
    createAdapter(settings.trustedProxies),
    {
      // The parsers are ours: they keep the raw bytes and leave it to the guards to speak first.
      bodyParser: false,
      logger: new NestLogger(settings.logger),
      // A fault at start-up is thrown to main, not printed and swallowed.
      abortOnError: false,
    },
  );
  const instance = app.getHttpAdapter().getInstance();
  prepareServer(instance, settings.logger);
  servePages(instance, settings.pages);
  return app;
}
