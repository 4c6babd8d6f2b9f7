import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

/** The API's description: every route, field, refusal. */
export function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Prepaid electricity vending')
    .setDescription(
      'Money is a decimal string of Taka; ids are strings; times are RFC 3339 with offset. Refusals are ' +
        'application/problem+json with a stable code, a sentence in English and one in Bangla, and say whether money moved.',
    )
    .setVersion('1')
    .setLicense('AGPL-3.0-or-later', 'https://www.gnu.org/licenses/agpl-3.0.html')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'session')
    .addTag('Sessions', 'People log in')
    .addTag('Approvals', 'A second person says yes or no')
    .addTag('People', 'Accounts, roles, offices, and the record of what people did')
    .addTag('Counter', 'What a clerk does: find the meter, quote, recharge, show, reprint')
    .addTag('Cases', 'Complaints: opened, worked, closed; the two ways out for money that was not vended')
    .addTag('Penalties', 'Tampering penalties and power-factor surcharges, by their papers')
    .addTag('Biller', 'What a mobile-money provider calls; signed requests')
    .addTag('Checkout', 'Paying on our own page by card or wallet; open to all')
    .addTag('Callbacks', 'What a provider tells us afterwards; signed requests')
    .build();
  return withNullTypes(SwaggerModule.createDocument(app, config)) as OpenAPIObject;
}

/**
 * OpenAPI 3.1 is JSON Schema 2020-12, where absence of a value is a type of its own; @nestjs/swagger still writes
 * the `nullable` of 3.0, which 3.1 tools ignore.
 */
export function withNullTypes(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withNullTypes);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([key, value]) => [key, withNullTypes(value)] as const);
  const { nullable, type, allOf, ...rest } = Object.fromEntries(entries) as Record<string, unknown>;
  if (nullable !== true) return Object.fromEntries(entries);
  return Array.isArray(allOf)
    ? { ...rest, anyOf: [...(allOf as unknown[]), { type: 'null' }] }
    : { ...rest, type: [type, 'null'] };
}

/** /docs for people, /docs-json for programs. */
export function serveDescription(app: NestFastifyApplication): void {
  SwaggerModule.setup('docs', app, () => describeApi(app), { jsonDocumentUrl: 'docs-json', raw: ['json'] });
}
