/* Proves that the description covers every route with its refusals and refers to nothing that is missing, read from the running API. */
import { ApiWorld } from '../../../test/support/api';
import { describeApi, withNullTypes } from './open-api';

let world: ApiWorld;
beforeAll(async () => {
  world = await ApiWorld.create();
}, 60_000);
afterAll(() => world?.destroy());

const ROUTES = [
  'post /v1/sessions',
  'post /v1/meters/search',
  'post /v1/quotes',
  'post /v1/recharges',
  'get /v1/recharges/{id}',
  'post /v1/recharges/{id}/reprints',
  'post /v1/biller/inquiry',
  'post /v1/biller/pay',
  'post /v1/biller/status',
  'post /v1/callbacks/topup',
  'get /v1/key-changes/{id}',
  'post /v1/key-changes/{id}/confirm',
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
    expect([route, statuses.some((s) => s.startsWith('2')), statuses.some((s) => s.startsWith('4'))]).toEqual([
      route,
      true,
      true,
    ]);
    expect([route, statuses.includes('401')]).toEqual([route, true]);
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
