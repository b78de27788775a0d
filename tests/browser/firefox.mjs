// Drives Firefox for others.py: one JSON message a line on standard input, one reply a line on standard output.
// [call, ...arguments] -> {value} or {error}. A frame is named by the selector of its element; '' is the page itself.
import { createInterface } from 'node:readline';
import puppeteer from 'puppeteer-core';

const [executablePath, home, settings = '{}'] = process.argv.slice(2);
const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true, userDataDir: home, extraPrefsFirefox: JSON.parse(settings), env: { ...process.env, HOME: home } });
let context = await browser.createBrowserContext();
let page = await open();
let troubles = [];

async function open() {
  const found = await context.newPage();
  found.setDefaultTimeout(60_000);
  found.on('pageerror', (error) => troubles.push(String(error)));
  await found.setViewport({ width: 1280, height: 900 });
  return found;
}

async function enter(frame) {
  if (!frame) return page;
  const element = await page.waitForSelector(frame);
  return element.contentFrame();
}

const calls = {
  go: (url) => page.goto(url, { waitUntil: 'load' }),
  run: async (script, values, frame) => (await enter(frame)).evaluate(`(${script})(...${JSON.stringify(values)})`),
  click: async (selector, frame) => {
    const element = await (await enter(frame)).waitForSelector(selector, { visible: true });
    await element.scrollIntoView();
    await element.click();
  },
  press: (key) => page.keyboard.press(key === 'Space' ? ' ' : key),
  // Within one document these give no response to wait for, so the page itself is asked.
  back: () => page.evaluate('history.back()'),
  forward: () => page.evaluate('history.forward()'),
  reload: () => page.reload(),
  size: (width, height) => page.setViewport({ width, height }),
  troubles: () => troubles,
  /** A reader who has never been here: no storage, no cache, no history. */
  renew: async () => {
    await context.close();
    context = await browser.createBrowserContext();
    troubles = [];
    page = await open();
  },
};

console.log(JSON.stringify({ value: await browser.version() }));
for await (const line of createInterface({ input: process.stdin })) {
  const [call, ...values] = JSON.parse(line);
  try {
    const value = await calls[call](...values);
    console.log(JSON.stringify({ value: ['run', 'troubles'].includes(call) ? value ?? null : null }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }));
  }
}
await browser.close();
