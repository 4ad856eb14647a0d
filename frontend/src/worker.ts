/// <reference lib="webworker" />
export {};

/**
 * Brings the webmail's own files where there is no network. Mail never passes here: what is under /api is left to the
 * page, which keeps what its reader may read again (`api/kept.ts`).
 */
declare const self: ServiceWorkerGlobalScope;
/** Written by the build: the paths of the files that the page may need. */
declare const FILES: string[];
/** Written by the build: another one where any of the files is another. */
declare const VERSION: string;

const PAGE = '/';
const PREFIX = 'valija-';
const CACHE = PREFIX + VERSION;
/** How long a page that does not come is waited for, where there is one already. */
const PATIENCE_MS = 4_000;
/** The addresses that the webmail's page is served at; the rest are the server's. */
const ROUTE = /^\/(?!(?:api|actuator|assets|problems|error)(?:\/|$))[^.]*$/;

self.addEventListener('install', (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(tidy().then(() => self.clients.claim()));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate') {
    if (ROUTE.test(pathname)) event.respondWith(page(request));
  } else if (pathname.startsWith('/assets/') || FILES.includes(pathname)) event.respondWith(file(request));
});

/** The page and its files are of one build: the page is never taken from another. */
async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  // What lies in assets is named by its content, and the browser may have it already.
  const fresh = (path: string) => new Request(path, path.startsWith('/assets/') ? {} : { cache: 'no-cache' });
  await cache.addAll([PAGE, ...FILES].map(fresh));
}

/** Those of the build before stay, for the pages that are still open. */
async function tidy(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  for (const name of old.slice(0, -1)) await caches.delete(name);
}

async function page(request: Request): Promise<Response> {
  const kept = await caches.open(CACHE).then((cache) => cache.match(PAGE));
  if (!kept) return fetch(request);
  const late = new Promise<undefined>((done) => setTimeout(done, PATIENCE_MS));
  try {
    const answer = await Promise.race([fetch(request), late]);
    return answer && answer.status < 500 ? answer : kept;
  } catch {
    return kept;
  }
}

async function file(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  // A page asks with other fields (Origin) than this worker did; the file is the same.
  const same = { ignoreVary: true };
  return (await cache.match(request, same)) ?? (await caches.match(request, same)) ?? fetch(request);
}
