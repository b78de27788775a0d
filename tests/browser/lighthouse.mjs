// Runs Lighthouse on each address given and writes what it found as JSON.
import lighthouse from 'lighthouse';
import puppeteer from 'puppeteer-core';

const [executablePath, ...urls] = process.argv.slice(2);
const browser = await puppeteer.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'] });
const port = Number(new URL(browser.wsEndpoint()).port);
const found = {};
for (const url of urls) {
  const { lhr } = await lighthouse(url, { port, output: 'json', logLevel: 'error', disableFullPageScreenshot: true, onlyAudits: ['cumulative-layout-shift'], onlyCategories: ['accessibility', 'best-practices', 'seo'] });
  const scores = Object.fromEntries(Object.values(lhr.categories).map((each) => [each.id, Math.round(each.score * 100)]));
  const failed = Object.values(lhr.audits).filter((each) => each.score !== null && each.score < 0.9).map((each) => `${each.id}: ${each.displayValue ?? each.title}`);
  found[url] = { scores, shift: lhr.audits['cumulative-layout-shift'].numericValue, failed };
}
console.log(JSON.stringify(found));
await browser.close();
