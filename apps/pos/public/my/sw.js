// Keeps the customer's page on the phone: the document and the files that it names, and nothing else. Answers of the server
// (/v1) are never kept here: tokens are the page's own business (apps/pos/src/customer/kept.ts).
const SHELL = 'my-shell';
const PAGE = '/my/';
const NAMED = /\/pages\/assets\/[\w.-]+\.(?:js|css)/g;

// The files first and the document last: whatever is cut off half-way, a kept document has its files.
async function keepShell() {
  const shell = await caches.open(SHELL);
  const page = await fetch(PAGE, { cache: 'no-cache' });
  if (!page.ok) throw new Error(`no page: ${page.status}`);
  const named = [...new Set((await page.clone().text()).match(NAMED) ?? [])];
  for (const file of named) {
    if (!(await shell.match(file))) await shell.add(file);
  }
  await shell.put(PAGE, page);
  for (const request of await shell.keys()) {
    const { pathname } = new URL(request.url);
    const isOld = /\.(?:js|css)$/.test(pathname) && !named.includes(pathname);
    if (isOld) await shell.delete(request);
  }
}

self.addEventListener('install', (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});
self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});

// Shown at once from the phone; a newer page is fetched meanwhile, for the next time.
async function page(event) {
  const kept = await caches.match(PAGE);
  if (!kept) return fetch(event.request);
  event.waitUntil(keepShell().catch(() => undefined));
  return kept;
}

// Named by their content: what is here is what the server has. Fonts come in when the page first shows their letters.
async function asset(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(SHELL)).put(request, answer.clone());
  return answer;
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate' && pathname === PAGE) event.respondWith(page(event));
  else if (pathname.startsWith('/pages/assets/')) event.respondWith(asset(request));
});
