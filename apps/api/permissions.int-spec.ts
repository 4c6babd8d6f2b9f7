/* Proves that every route of the running API lets in exactly the roles that the table of permissions names: it walks Nest's own list of routes, so that none can be forgotten, with every role, with a partner's signature, and with nobody. */
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants';
import { ModulesContainer, Reflector } from '@nestjs/core';
import { RequestMethod, type Type } from '@nestjs/common';
import { PERMISSIONS, ROLES, type Permission } from '@vend/identity';
import { newId } from '@vend/kernel';
import { ApiWorld, type Answer } from '../../test/support/api';
import { PERMISSION } from './http/guarded';
import { describeApi } from './http/open-api';

/** What anybody may call: to get a session, or to see whether we live. */
const PUBLIC = [
  'GET /checkout/:orderNo',
  'GET /checkout/page.css',
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
  'GET /v1/billers/:provider/*',
  'GET /v1/checkout/gateways',
  'GET /v1/checkout/return/:provider/:orderNo',
  // Billers come with their contract's credentials, from their own addresses.
  'POST /v1/billers/:provider/*',
  // Gateways sign in ways of their own, and what is not signed is kept and believed by nobody.
  'POST /v1/callbacks/gateways/:provider',
  'POST /v1/checkout/orders',
  'POST /v1/checkout/orders/status',
  'POST /v1/checkout/return/:provider/:orderNo',
  // Whoever has the phone gets a code, and whoever has the code comes in.
  'POST /v1/my/codes',
  'POST /v1/my/sessions',
  'POST /v1/page-sessions',
  'POST /v1/page-sessions/refresh',
  'POST /v1/sessions',
  'POST /v1/sessions/refresh',
  'POST /v1/sessions/second-factor',
];
/** Signed as head-ends sign, which is a scheme of its own: no caller of this walk has such a key. */
const SIGNED_OTHERWISE = ['POST /v1/callbacks/meter-link'];
/** A permitted caller is answered anything but these. */
const KEPT_OUT = ['session-missing', 'signature-missing', 'own-session-missing', 'role-not-allowed'];

interface Route {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly permission: Permission | undefined;
}

let world: ApiWorld;
let routes: Route[];
beforeAll(async () => {
  world = await ApiWorld.create();
  routes = routesOf(world);
}, 120_000);
afterAll(() => world?.destroy());

function routesOf({ app }: ApiWorld): Route[] {
  const reflector = app.get(Reflector);
  const found: Route[] = [];
  for (const module of app.get(ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) {
      const controller = metatype as Type<object>;
      const prefix = reflector.get<string>(PATH_METADATA, controller);
      const handlers = Object.getOwnPropertyDescriptors(controller.prototype as object);
      for (const { value } of Object.values(handlers)) {
        const handler = value as () => unknown;
        const path =
          typeof handler === 'function' ? reflector.get<string | undefined>(PATH_METADATA, handler) : undefined;
        if (path === undefined || handler === (controller as unknown)) continue;
        const method = RequestMethod[reflector.get<RequestMethod>(METHOD_METADATA, handler)] as 'GET' | 'POST';
        const url = `/${prefix}/${path}`.replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1');
        const permission = reflector.getAllAndOverride<Permission | undefined>(PERMISSION, [handler, controller]);
        found.push({ name: `${method} ${url}`, method, url, permission });
      }
    }
  }
  return found;
}

/** One call that nobody's data can satisfy: ids of nothing, a body with a field that no route knows. */
async function answers(who: string | undefined, { method, url }: Route): Promise<Answer> {
  const address = url.replaceAll(/:\w+/g, newId());
  const body = method === 'POST' ? { walked: true } : undefined;
  if (who === 'customer')
    return world.request(method, address, body, { cookie: await world.customerCookie(), 'x-vend-page': '1' });
  if (who === 'partner') return world.signed(address, body ?? '', { method });
  const headers = { 'idempotency-key': newId() };
  return who === undefined
    ? world.request(method, address, body, headers)
    : world.as(who, method, address, body, headers);
}

it('finds every route that the description has, and more', () => {
  const described = Object.entries(describeApi(world.app).paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
  );
  expect(described.length).toBeGreaterThan(20);
  expect(routes.map(({ name }) => name)).toEqual(expect.arrayContaining(described));
});

it('opens to anybody what is listed here, and nothing else', () => {
  const open = routes.filter(({ permission }) => permission === undefined).map(({ name }) => name);
  expect(open.sort()).toEqual(PUBLIC);
});

it('keeps nobody in: 401 everywhere else', async () => {
  for (const route of routes.filter(({ permission }) => permission !== undefined)) {
    const { status, body } = await answers(undefined, route);
    expect([route.name, status, KEPT_OUT.includes(body.code)]).toEqual([route.name, 401, true]);
  }
});

it.each(ROLES)('lets in a role where the table says, and refuses it elsewhere: %s', async (role) => {
  const wrong: unknown[] = [];
  // A session ends by logging out: that comes last.
  const ordered = [...routes].sort((a, b) => Number(a.url.endsWith('/logout')) - Number(b.url.endsWith('/logout')));
  for (const route of ordered) {
    const { permission } = route;
    if (permission === undefined) continue;
    // They come with a signature, or a cookie, and not with a session of the staff.
    const forOthers = PERMISSIONS[permission].some((each) => each === 'partner' || each === 'customer');
    const mayPass = PERMISSIONS[permission].includes(role) && !SIGNED_OTHERWISE.includes(route.name);
    const { status, body } = await answers(role, route);
    const code = String(body?.code);
    const passed = status !== 401 && code !== 'role-not-allowed';
    const refusedAs = role === 'partner' || role === 'customer' || forOthers ? 401 : 403;
    if (mayPass ? !passed : status !== refusedAs) wrong.push([route.name, permission, status, code]);
  }
  expect(wrong).toEqual([]);
});
