/* Proves that the description covers every route with its refusals and refers to nothing that is missing, read from the running API. */
import { ApiWorld } from '../../../test/support/api';
import { describeApi, withNullTypes } from './open-api';

let world: ApiWorld;
beforeAll(async () => {
  world = await ApiWorld.create();
}, 120_000);
afterAll(() => world?.destroy());

const ROUTES = [
  'post /v1/sessions',
  'get /v1/sessions',
  'post /v1/sessions/second-factor',
  'post /v1/sessions/refresh',
  'post /v1/sessions/logout',
  'post /v1/sessions/{id}/end',
  'post /v1/sessions/password',
  'post /v1/page-sessions',
  'get /v1/page-sessions',
  'post /v1/page-sessions/refresh',
  'get /v1/people',
  'get /v1/people/{username}',
  'post /v1/people',
  'post /v1/people/{username}/change',
  'post /v1/people/{username}/close',
  'post /v1/people/{username}/reopen',
  'post /v1/people/{username}/password',
  'post /v1/people/{username}/second-factor/remove',
  'post /v1/people/{username}/unlock',
  'get /v1/people/{username}/sessions',
  'post /v1/people/{username}/sessions/end',
  'get /v1/offices',
  'post /v1/offices',
  'post /v1/offices/{code}/move',
  'post /v1/audit/search',
  'get /v1/messages',
  'get /v1/messages/{id}',
  'post /v1/messages/{id}/retry',
  'get /v1/vendor-floats',
  'get /v1/vendor-floats/{code}/statement',
  'post /v1/vendor-floats/{code}/top-ups',
  'get /v1/vendor-floats/own/statement',
  'get /v1/till-state',
  'post /v1/shifts',
  'get /v1/shifts',
  'get /v1/shifts/{id}',
  'post /v1/shifts/{id}/count',
  'post /v1/shifts/{id}/send-back',
  'post /v1/shifts/{id}/close',
  'get /v1/station-days',
  'get /v1/bank-deposits',
  'post /v1/bank-deposits',
  'post /v1/bank-deposits/{id}/confirm',
  'get /v1/station-terms',
  'post /v1/station-terms/{station}',
  'get /v1/sms/gateways',
  'post /v1/sms/gateways/{code}',
  'get /v1/payment-providers',
  'get /v1/payment-providers/{code}',
  'post /v1/payment-providers/{code}',
  'get /v1/approvals',
  'get /v1/approvals/mine',
  'get /v1/approvals/{id}',
  'post /v1/approvals/{id}/approve',
  'post /v1/approvals/{id}/refuse',
  'post /v1/cases',
  'get /v1/cases',
  'get /v1/cases/{caseNo}',
  'post /v1/cases/{caseNo}/notes',
  'post /v1/cases/{caseNo}/assign',
  'post /v1/cases/{caseNo}/wait',
  'post /v1/cases/{caseNo}/close',
  'post /v1/cases/{caseNo}/reopen',
  'post /v1/cases/{caseNo}/apply',
  'post /v1/cases/{caseNo}/refund',
  'post /v1/vends/{vendId}/sms',
  'get /v1/vends/{vendId}/line',
  'get /v1/sms/templates',
  'post /v1/sms/templates',
  'post /v1/sms/templates/preview',
  'post /v1/sms/templates/{templateId}/publish',
  'post /v1/meters/{meterNo}/penalties',
  'get /v1/meters/{meterNo}/penalties',
  'post /v1/meters/{meterNo}/penalties/{penaltyId}/withdraw',
  'post /v1/meters/search',
  'post /v1/imports',
  'get /v1/tariffs',
  'post /v1/tariffs',
  'post /v1/tariffs/lint',
  'post /v1/tariffs/calculations',
  'get /v1/tariffs/{code}',
  'get /v1/tariffs/{code}/beside/{other}',
  'post /v1/tariffs/{code}/publish',
  'post /v1/tariffs/{code}/revoke',
  'get /v1/keys',
  'get /v1/campaigns',
  'get /v1/campaigns/{name}',
  'get /v1/imports',
  'get /v1/imports/{id}',
  'get /v1/imports/{id}/report',
  'post /v1/settlements/statements',
  'post /v1/settlements/bank-credits',
  'get /v1/settlements/imports',
  'get /v1/settlements/imports/{id}',
  'get /v1/settlements/imports/{id}/report',
  'get /v1/settlements/formats/{provider}',
  'post /v1/settlements/formats/{provider}',
  'get /v1/settlements/unsettled',
  'get /v1/settlements/days/{provider}/{day}',
  'get /v1/settlements/days/{provider}/{day}/report',
  'get /v1/settlements/days/{provider}/{day}/report.csv',
  'get /v1/settlements/breaks',
  'get /v1/settlements/breaks/{id}',
  'post /v1/settlements/breaks/{id}/actions',
  'get /v1/customers/{customerNo}',
  'get /v1/customers/{customerNo}/history',
  'patch /v1/customers/{customerNo}',
  'get /v1/customers/{customerNo}/notices',
  'patch /v1/customers/{customerNo}/notices',
  'post /v1/customers/{customerNo}/close',
  'post /v1/meters',
  'get /v1/meters/{meterNo}',
  'get /v1/meters/{meterNo}/history',
  'get /v1/meters/{meterNo}/account',
  'get /v1/meters/{meterNo}/vends',
  'post /v1/meters/{meterNo}/replacement',
  'post /v1/meters/{meterNo}/terms',
  'post /v1/meters/{meterNo}/disconnect',
  'post /v1/meters/{meterNo}/reconnect',
  'post /v1/meters/{meterNo}/people',
  'post /v1/meters/{meterNo}/people/{personId}',
  'post /v1/meters/{meterNo}/people/{personId}/remove',
  'get /v1/meter-models',
  'post /v1/meter-models',
  'post /v1/quotes',
  'post /v1/recharges',
  'get /v1/recharges',
  'get /v1/recharges/by-key/{key}',
  'get /v1/recharges/{id}',
  'post /v1/recharges/{id}/reprints',
  'get /v1/recharges/{id}/receipt.pdf',
  'get /v1/recharges/{id}/receipt.escpos',
  'post /v1/vends/engineering',
  'post /v1/vends/free-issue',
  'post /v1/vends/replacement',
  'post /v1/vends/key-change',
  'get /v1/vends/cancelled',
  'post /v1/vends/{id}/cancel',
  'post /v1/meters/{meterNo}/reprints',
  'post /v1/biller/inquiry',
  'post /v1/biller/pay',
  'post /v1/biller/status',
  'post /v1/callbacks/topup',
  'post /v1/callbacks/sms',
  'get /v1/key-changes/{id}',
  'post /v1/callbacks/meter-link',
  'post /v1/callbacks/gateways/{provider}',
  'get /v1/checkout/gateways',
  'post /v1/checkout/orders',
  'post /v1/checkout/orders/status',
  'post /v1/my/codes',
  'post /v1/my/sessions',
  'post /v1/my/sessions/logout',
  'get /v1/my/meters',
  'get /v1/my/meters/{meterNo}',
  'post /v1/my/meters/{meterNo}/nickname',
  'get /v1/my/meters/{meterNo}/recharges',
  'get /v1/my/recharges/{rechargeId}',
  'get /v1/my/receipts/{receiptNo}',
  'post /v1/my/recharges/{rechargeId}/tokens',
  'get /v1/my/recharges/{rechargeId}/receipt.pdf',
  'post /v1/my/payments/status',
  'post /v1/my/quotes',
  'get /v1/my/notices',
  'post /v1/my/notices',
  'get /v1/webhooks/endpoints',
  'post /v1/webhooks/endpoints',
  'patch /v1/webhooks/endpoints/{id}',
  'post /v1/webhooks/endpoints/{id}/secret',
  'post /v1/webhooks/endpoints/{id}/replay',
  'get /v1/webhooks/messages',
  'get /v1/webhooks/messages/{id}',
  'post /v1/webhooks/messages/{id}/replay',
  'get /v1/remote-loads',
  'get /v1/trace',
  'post /v1/trace',
  'get /v1/dashboard/sales',
  'get /v1/dashboard/attention',
  'get /v1/dashboard/health',
  'post /v1/remote-loads/{id}/retry',
  'post /v1/meters/{meterNo}/head-end',
  'post /v1/key-changes/{id}/confirm',
  'post /v1/packs',
  'get /v1/packs/{id}',
  'post /v1/packs/{id}/export',
  'post /v1/packs/{id}/reconcile',
  'post /v1/meters/{meterNo}/deposits',
  'get /v1/limits',
  'get /v1/limits/free-issues',
  'post /v1/limits/free-issues',
  'get /v1/meters/{meterNo}/fees',
  'post /v1/fees',
  'post /v1/arrears-payments',
  'post /v1/deposit-credits',
  'post /v1/meters/{meterNo}/arrears',
  'post /v1/meters/{meterNo}/arrears/write-off',
  'post /v1/limits',
  'get /v1/reviews',
  'post /v1/reviews/{id}/decide',
  'get /v1/watch-rules',
  'post /v1/watch-rules/{rule}',
  'post /v1/broadcasts/preview',
  'post /v1/broadcasts',
  'get /v1/broadcasts',
  'get /v1/broadcasts/{id}',
  'post /v1/broadcasts/{id}/launch',
  'post /v1/broadcasts/{id}/pause',
  'post /v1/broadcasts/{id}/resume',
  'post /v1/broadcasts/{id}/stop',
  'get /v1/broadcasts/{id}/report',
];

/** Nobody is asked who he is: payers on our page, and gateways, whose messages are believed by their signature alone. */
const OPEN = [
  'post /v1/callbacks/gateways/{provider}',
  'get /v1/checkout/gateways',
  'post /v1/checkout/orders',
  'post /v1/checkout/orders/status',
  'post /v1/my/codes',
];

it('describes every route, its answer and its refusals, in OpenAPI 3.1', () => {
  const document = describeApi(world.app);
  expect(document.openapi).toBe('3.1.0');
  const described = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  );
  expect(described.sort()).toEqual([...ROUTES].sort());
  for (const route of ROUTES) {
    const [method, path] = route.split(' ') as ['get' | 'post', string];
    const statuses = Object.keys(document.paths[path]![method]!.responses);
    expect([route, statuses.some((s) => s.startsWith('2'))]).toEqual([route, true]);
    // Who asks nothing and is asked nothing cannot be refused.
    const refusable = route !== 'get /v1/checkout/gateways';
    expect([route, statuses.some((s) => s.startsWith('4'))]).toEqual([route, refusable]);
    expect([route, OPEN.includes(route) || statuses.includes('401')]).toEqual([route, true]);
  }
});

it('gives an example of every field of every request and answer, and names a code with every refusal', () => {
  const document = describeApi(world.app);
  const schemas = document.components!.schemas as Record<string, Schema>;
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([method, operation]) => ({
      at: `${method} ${path}`,
      operation,
    })),
  );
  const bare = operations.flatMap(({ at, operation }) => {
    const answers = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
    const bodies = [operation.requestBody, ...answers.map(([, answer]) => answer)];
    return bodies.flatMap((body) =>
      Object.values(body?.content ?? {}).flatMap(({ schema }) =>
        schema ? withoutExample(schema, schemas).map((field) => `${at} ${field}`) : [],
      ),
    );
  });
  expect(bare).toEqual([]);
  for (const { at, operation } of operations) {
    for (const [status, answer] of Object.entries(operation.responses)) {
      if (status < '400') continue;
      const examples = Object.keys(answer.content?.['application/problem+json']?.examples ?? {});
      expect([at, status, examples.length > 0]).toEqual([at, status, true]);
    }
  }
});

it('refers to nothing that is missing, and has no word of OpenAPI 3.0 left', () => {
  const document = describeApi(world.app);
  const text = JSON.stringify(document);
  const names = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1]!);
  expect(names).toContain('ProblemDto');
  for (const name of names) expect(document.components!.schemas).toHaveProperty(name);
  expect(text).not.toContain('"nullable"');
});

it('turns nullable into a type', () => {
  expect(withNullTypes({ a: [{ type: 'string', nullable: true, example: 'x' }] })).toEqual({
    a: [{ type: ['string', 'null'], example: 'x' }],
  });
  expect(withNullTypes({ type: 'object', nullable: true, allOf: [{ $ref: '#/x' }], description: 'd' })).toEqual({
    description: 'd',
    anyOf: [{ $ref: '#/x' }, { type: 'null' }],
  });
});

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

interface Content {
  readonly content?: Readonly<
    Record<string, { readonly schema?: Schema; readonly examples?: Readonly<Record<string, unknown>> }>
  >;
}

interface Operation {
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

/** The fields below a schema that a reader must guess: a secret is described, and true or false needs no example. */
function withoutExample(schema: Schema, schemas: Readonly<Record<string, Schema>>, name = ''): string[] {
  if (schema.example !== undefined || schema.examples !== undefined || schema.enum !== undefined) return [];
  if (schema.type === 'boolean') return [];
  if (schema.$ref) return withoutExample(schemas[schema.$ref.split('/').pop()!]!, schemas, name);
  const inner = [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (inner.length > 0) return inner.some((each) => withoutExample(each, schemas, name).length === 0) ? [] : [name];
  if (schema.items) return withoutExample(schema.items, schemas, `${name}[]`);
  if (!schema.properties) return [name];
  return Object.entries(schema.properties).flatMap(([field, each]) =>
    withoutExample(each, schemas, `${name}.${field}`),
  );
}
