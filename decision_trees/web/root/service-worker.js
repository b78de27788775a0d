// Keeps one version of the site on the device: all of its files or none, each checked against the hash that the build
// wrote. The build puts MANIFEST before this text, so that the browser sees a new worker whenever a file has changed.
// A reader's answers stand after # in the address, which no request carries, so none can be kept here.
//
// A page that is open when a new version comes goes on with the files of its own. What it belongs to stands in the
// ledger, by the browser's name for the page; whoever is not in it belongs to this worker's version.

/** @typedef {[path: string, sha256: string, size: number]} Entry  a file by its address from the site's root */
/** @typedef {{current: string, clients: Record<string, string>}} Ledger  '' stands for a page that came from the network */
/* global MANIFEST, @type {{url: string, sha256: string}} */

const SCOPE = self.registration.scope;
/** Other sites of the same host keep to names of their own. */
const PREFIX = `decision-trees ${new URL(SCOPE).pathname} `;
const OWN = `${PREFIX}${MANIFEST.sha256.slice(0, 16)}`;
const LEDGER = `${PREFIX}ledger`;
/** Put into a cache last, with the list of its files. */
const WHOLE = new URL('?whole', SCOPE).href;
const AT_ONCE = 6;
/** After how many bytes pages are told how far it has come. */
const STEP = 500_000;
/** How long the next file waits after a reader has done something, in milliseconds: to fetch and check files takes processors from the page. */
const HOLD = 1_000;
let acted = -HOLD;

// Filling ------------------------------------------------------------------------------

self.addEventListener('install', (event) => event.waitUntil(keepAll().then(() => self.skipWaiting())));

async function keepAll() {
  try {
    const text = await fetchChecked(MANIFEST.url, MANIFEST.sha256);
    /** @type {{files: Entry[], transfer: number}} */
    const { files, transfer } = JSON.parse(new TextDecoder().decode(text));
    const all = files.reduce((sum, [, , size]) => sum + size, 0);
    await makeRoom(all);
    const found = await findKept();
    const cache = await caches.open(OWN);
    let done = 0;
    let told = 0;
    await forEach(files, async ([path, sha256, size]) => {
      const url = new URL(path, SCOPE).href;
      if (!(await isRight(await cache.match(url), sha256))) await cache.put(url, (await copyKept(found.get(sha256), sha256)) ?? await fetchFile(url, sha256));
      done += size;
      if (done - told < STEP) return;
      told = done;
      await tell({ done: Math.round(transfer * done / all), all: transfer }); // packed, as the page says it
    });
    await cache.put(WHOLE, new Response(text));
  } catch (error) {
    // What has come over a network that broke off is used when it is tried again; without room nothing is.
    if (error.name === 'QuotaExceededError') await caches.delete(OWN);
    await tell({ failed: error.name === 'QuotaExceededError' ? 'room' : error.name === 'Mismatch' ? 'changed' : 'network' });
    throw error;
  }
}

/** Remove what was begun and never finished, and see whether there is room. */
async function makeRoom(size) {
  for (const name of await listOwn()) if (name !== OWN && !(await isWhole(name))) await caches.delete(name);
  const { quota = Infinity, usage = 0 } = await (navigator.storage?.estimate?.() ?? {});
  if (quota - usage < size) throw new DOMException('too little room', 'QuotaExceededError');
}

/** Where files of earlier versions are kept, by their hash. */
async function findKept() {
  /** @type {Map<string, {cache: Cache, url: string}>} */
  const found = new Map();
  for (const name of await listOwn()) {
    const cache = await caches.open(name);
    const list = name !== OWN && await cache.match(WHOLE);
    for (const [path, sha256] of list ? (await list.json()).files : []) found.set(sha256, { cache, url: new URL(path, SCOPE).href });
  }
  return found;
}

async function copyKept(kept, sha256) {
  const response = await kept?.cache.match(kept.url);
  return (await isRight(response, sha256)) ? response : null;
}

/** A file from the browser's own cache or the network; a stale one is asked for again. */
async function fetchFile(url, sha256) {
  const response = await fetch(url, { priority: 'low' });
  return toKeep((await isRight(response, sha256)) ? response : await fetch(url, { cache: 'reload' }), sha256);
}

async function fetchChecked(url, sha256) {
  return (await toKeep(await fetch(new URL(url, SCOPE), { cache: 'no-cache' }), sha256)).arrayBuffer();
}

/** Take a response as it is to be kept: without what told of its way here. Throws if it is not the file of this version. */
async function toKeep(response, sha256) {
  if (!(await isRight(response, sha256))) throw Object.assign(new Error(`${response.url} is not the file that this version holds`), { name: 'Mismatch' });
  const headers = new Headers(response.headers);
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding', 'vary']) headers.delete(name);
  return new Response(await response.arrayBuffer(), { headers });
}

/** @param {Response | undefined} response  left unread */
async function isRight(response, sha256) {
  if (!response?.ok) return false;
  const digest = await crypto.subtle.digest('SHA-256', await response.clone().arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('') === sha256;
}

async function forEach(items, act) {
  const rest = [...items];
  let failed = false;
  const work = async () => {
    for (let item = rest.shift(); item && !failed; item = rest.shift()) await giveWay().then(() => act(item)).catch((error) => { failed = true; throw error; });
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function giveWay() {
  while (performance.now() < acted + HOLD) await new Promise((resolve) => { setTimeout(resolve, acted + HOLD - performance.now()); });
}

// Changing versions ----------------------------------------------------------------------

self.addEventListener('activate', (event) => event.waitUntil(takeOver()));

/** Every page that is open stays with what it came from; the next page opened is of this version. */
async function takeOver() {
  const before = await readLedger();
  const all = await self.clients.matchAll({ includeUncontrolled: true, type: 'all' });
  const led = new Set((await self.clients.matchAll({ type: 'all' })).map(({ id }) => id));
  const clients = Object.fromEntries(all.map(({ id }) => [id, led.has(id) ? before.clients[id] ?? before.current : '']));
  await writeLedger({ current: OWN, clients });
  const needed = new Set(Object.values(clients));
  for (const name of await listOwn()) if (name !== OWN && !needed.has(name) && await isWhole(name)) await caches.delete(name);
  await self.clients.claim();
}

/** @type {Promise<Ledger> | undefined} */
let ledger;

/** @returns {Promise<Ledger>} */
function readLedger() {
  ledger ??= caches.open(LEDGER).then((cache) => cache.match(SCOPE)).then((kept) => kept?.json()).then((kept) => kept ?? { current: '', clients: {} }).catch(() => ({ current: '', clients: {} }));
  return ledger;
}

async function writeLedger(changed) {
  ledger = Promise.resolve(changed);
  await (await caches.open(LEDGER)).put(SCOPE, new Response(JSON.stringify(changed)));
}

/** Forget the pages that are gone, and the versions that only they needed. */
async function tidy() {
  const { current, clients } = await readLedger();
  if (!Object.keys(clients).length) return;
  const open = new Set((await self.clients.matchAll({ includeUncontrolled: true, type: 'all' })).map(({ id }) => id));
  const kept = Object.fromEntries(Object.entries(clients).filter(([id]) => open.has(id)));
  if (Object.keys(kept).length === Object.keys(clients).length) return;
  await writeLedger({ current, clients: kept });
  const needed = new Set([OWN, '', ...Object.values(kept)]);
  for (const name of new Set(Object.values(clients))) if (!needed.has(name)) await caches.delete(name);
}

// Answering --------------------------------------------------------------------------------

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (!['GET', 'HEAD'].includes(request.method) || request.headers.has('range') || !request.url.startsWith(SCOPE)) return;
  event.respondWith(answer(event));
  if (request.mode === 'navigate') event.waitUntil(tidy());
});

async function answer({ request, clientId, resultingClientId }) {
  const isPage = request.mode === 'navigate';
  const { current, clients } = await readLedger();
  const version = isPage ? OWN : clients[clientId] ?? OWN;
  // A worker that an older page starts is of the older version too.
  if (version !== OWN && resultingClientId) await writeLedger({ current, clients: { ...clients, [resultingClientId]: version } });
  const kept = version && await findFile(version, request.url);
  if (kept) return kept;
  try {
    return await fetch(request);
  } catch (error) {
    if (isPage) return Response.redirect(new URL('offline/#not-kept', SCOPE));
    throw error;
  }
}

async function findFile(version, address) {
  const cache = await caches.open(version).catch(() => null);
  const url = simplify(address);
  const found = await cache?.match(url);
  if (found || url.endsWith('/')) return found;
  return (await cache?.match(`${url}/`)) && Response.redirect(`${url}/${new URL(address).search}`);
}

/** The address under which a file is kept: a folder stands for its index, and what follows ? or # makes no difference. */
function simplify(address) {
  const { origin, pathname } = new URL(address);
  return origin + pathname.replace(/\/index\.html$/, '/');
}

// Talking with pages -------------------------------------------------------------------------

self.addEventListener('message', (event) => {
  const { data, source, ports: [port] } = event;
  if (data.ask === 'version') event.waitUntil(isOfThis(data, source).then((isCurrent) => port.postMessage({ isCurrent })));
  if (data.ask === 'give way') acted = performance.now();
  if (data.ask === 'forget') event.waitUntil(forget().then(() => port.postMessage({})));
});

/**
 * Say whether a page is of this version. One that came from the network while the files were fetched may be older: it is
 * taken for the same if its length and all that it loads are.
 */
async function isOfThis({ url, size, parts }, { id }) {
  const { current, clients } = await readLedger();
  if (!(id in clients)) return true;
  if (clients[id] !== '') return false;
  const list = await (await caches.open(OWN)).match(WHOLE);
  const sizes = new Map((await list.json()).files.map(([path, , length]) => [new URL(path, SCOPE).href, length]));
  if ((size && sizes.get(simplify(url)) !== size) || !parts.every((part) => sizes.has(part))) return false;
  const { [id]: _, ...rest } = clients;
  await writeLedger({ current, clients: rest });
  return true;
}

async function forget() {
  for (const name of await listOwn()) await caches.delete(name);
  await caches.delete(LEDGER);
  await self.registration.unregister();
}

async function tell(news) {
  for (const client of await self.clients.matchAll({ includeUncontrolled: true, type: 'window' })) client.postMessage(news);
}

async function listOwn() {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== LEDGER);
}

async function isWhole(name) {
  return Boolean(await (await caches.open(name)).match(WHOLE));
}
