// Keeps the site on the device, so that it works without a network, and says so; tells of a newer version.
// Nothing here is needed to read or to answer, so it waits until the page has long been shown.
import { icon, make } from './views.js';

/** How long a reader has stayed before the site is kept, in milliseconds. */
const STAYED = 5_000;
/** How often at most an open page asks for a newer version, in milliseconds. */
const OFTEN = 3_600_000;
/** How often at most the worker is told that the reader does something, in milliseconds. */
const TOLD = 250;
const ROOT = new URL('../../', import.meta.url);
/** What a reader has decided stands under this name: the only thing that is stored beside the files. */
const CHOICE = `${ROOT.pathname}offline`;

const worker = window === window.top && location.protocol !== 'file:' ? navigator.serviceWorker : undefined;
const desk = document.querySelector('[data-offline-desk]');

if (worker) begin(worker);
else if (desk) say('This browser can’t keep the site here: it needs a secure address (https) and leave to store files.');

/** @param {ServiceWorkerContainer} container */
function begin(container) {
  const notice = document.body.appendChild(make('div.version-notice', { role: 'status' }));
  const announce = () => showNewer(notice);
  let isKept = container.controller !== null;
  if (isKept) showKept();
  else if (desk) offer(container);
  container.addEventListener('controllerchange', async () => {
    const { controller } = container;
    if (!controller) return;
    const isNewer = isKept || !(await isCurrent(controller));
    isKept = true;
    if (isNewer) announce();
    else showKept();
  });
  container.addEventListener('message', ({ data }) => { if (desk) report(data); });
  if (isKept) {
    askNowAndThen(container);
    container.ready.then(giveWay);
  } else if (isWanted()) afterLoad(() => keep(container));
}

/** Whether to keep the site unasked: not where the reader has said no, nor on a connection that is dear or slow. */
function isWanted() {
  const { saveData = false, type = '', effectiveType = '' } = navigator.connection ?? {};
  return readChoice() !== 'no' && !saveData && type !== 'cellular' && !/^(slow-2g|2g|3g)$/.test(effectiveType);
}

function afterLoad(act) {
  const wait = () => setTimeout(() => (window.requestIdleCallback ?? setTimeout)(act), STAYED);
  if (document.readyState === 'complete') wait();
  else addEventListener('load', wait, { once: true });
}

/** @param {ServiceWorkerContainer} container */
async function keep(container) {
  // Without room, or where it is forbidden, the site works as before.
  await container.register(new URL('service-worker.js', ROOT)).then(giveWay, () => report({ failed: 'forbidden' }));
}

/**
 * Whatever the reader does goes before the files that are fetched meanwhile.
 * @param {ServiceWorkerRegistration | undefined} registration  undefined where something in the browser keeps workers from being registered
 */
function giveWay(registration) {
  let told = 0;
  const tell = () => {
    if (!registration?.installing || performance.now() - told < TOLD) return;
    told = performance.now();
    registration.installing.postMessage({ ask: 'give way' });
  };
  for (const sign of ['pointerdown', 'keydown', 'scroll']) addEventListener(sign, tell, { capture: true, passive: true });
}

/** @param {ServiceWorkerContainer} container */
function askNowAndThen(container) {
  let asked = Date.now();
  document.addEventListener('visibilitychange', async () => {
    if (document.hidden || Date.now() - asked < OFTEN) return;
    asked = Date.now();
    await (await container.getRegistration())?.update().catch(() => {});
  });
}

/** Whether this page and the files kept are of one version, as the worker judges once it has taken over. */
async function isCurrent(active) {
  while (active.state === 'activating') await new Promise((resolve) => { active.addEventListener('statechange', resolve, { once: true }); });
  const [{ decodedBodySize: size = 0 } = {}] = performance.getEntriesByType('navigation');
  const parts = [...document.querySelectorAll('link[rel="stylesheet"], script[src]')].map((each) => each.href ?? each.src);
  return (await ask(active, { ask: 'version', url: location.href, size, parts })).isCurrent;
}

function ask(active, message) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', ({ data }) => resolve(data), { once: true });
    port1.start();
    active.postMessage(message, [port2]);
  });
}

// What the reader sees -------------------------------------------------------------------

function showKept() {
  for (const mark of document.querySelectorAll('[data-offline]')) {
    mark.hidden = false;
    mark.classList.add('is-kept');
    mark.replaceChildren(icon('tick'), ' Works offline');
  }
  if (!desk) return;
  const remove = make('button.button.button--quiet', { type: 'button', onclick: async () => {
    writeChoice('no');
    await ask(navigator.serviceWorker.controller, { ask: 'forget' });
    say('Removed. The site is read from the network again.');
  } }, 'Remove it from this device');
  say('This site is kept on this device and works without a network. When a newer version is published, it is fetched while you read.', remove);
}

/** @param {HTMLElement} notice */
function showNewer(notice) {
  notice.replaceChildren(make('p', {}, 'A newer version of this site is ready.'),
    make('button.button', { type: 'button', onclick: () => location.reload() }, 'Reload'),
    make('button.button.button--plain', { type: 'button', onclick: () => { notice.replaceChildren(); document.documentElement.classList.remove('has-notice'); } }, 'Later'));
  document.documentElement.classList.add('has-notice');
}

/** @param {ServiceWorkerContainer} container */
function offer(container) {
  const start = make('button.button', { type: 'button', onclick: () => { writeChoice(''); say('Fetching the site…'); keep(container); } }, 'Keep it on this device');
  say('The site is not kept on this device yet.', start);
}

function report({ done = 0, all = 0, failed = '' }) {
  if (failed && desk) say(FAILED[failed] ?? FAILED.network);
  else if (desk && all) {
    const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
    const bar = desk.querySelector('progress') ?? say('Fetching the site…', make('progress', { max: all, 'aria-label': 'Fetched' }), make('span.offline-count')).querySelector('progress');
    bar.value = done;
    desk.querySelector('.offline-count').textContent = `${megabytes(done)} of ${megabytes(all)} MB`;
  }
}

const FAILED = {
  room: 'There is too little room on this device, so the site was not kept. It works from the network as before.',
  network: 'The network broke off. What has come is kept, and the rest is fetched when you come back.',
  changed: 'The site is being published at this moment, or something between it and you alters its files. It was not kept; it is tried again when you come back.',
  forbidden: 'This browser does not allow the site to keep files. It works from the network as before.',
};

function say(text, ...parts) {
  desk.hidden = false;
  desk.replaceChildren(make('p', {}, text), ...parts);
  return desk;
}

function readChoice() {
  try {
    return localStorage.getItem(CHOICE);
  } catch {
    return null;
  }
}

function writeChoice(choice) {
  try {
    if (choice) localStorage.setItem(CHOICE, choice);
    else localStorage.removeItem(CHOICE);
  } catch { /* Then the choice holds for this visit. */ }
}
