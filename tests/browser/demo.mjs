// A browser walks through the demo page as a newcomer would: ask in Slack, sign in Teams, read the
// verified result in both chats. It knows only what a person sees and the contract of console/README.md.
//
//   node tests/browser/demo.mjs http://127.0.0.1:PORT/ [--shots DIR] [--plain]
//
// --plain: the renderers are not there, as without Node; the page says so, and all else is the same.
// Ends 0 when it went well or when no browser is here (it then says so), 1 when something was wrong.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from '../../scripts/chromium.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const base = process.argv[2];
const shots = process.argv.includes('--shots') ? process.argv[process.argv.indexOf('--shots') + 1] : path.join(root, 'target', 'browser');
if (!/^https?:\/\//.test(base ?? '')) {
  console.error('Usage: node tests/browser/demo.mjs http://127.0.0.1:PORT/ [--shots DIR] [--plain]');
  process.exit(1);
}

const skip = (why) => { console.log(`The browser test was skipped: ${why}`); process.exit(0); };
const executablePath = findChromium() ?? skip('no Chromium or Chrome was found on this machine. On Debian: apt-get install chromium.');
let chromium;
try {
  ({ chromium } = createRequire(path.join(root, 'console', 'package.json'))('playwright-core'));
} catch {
  skip('the npm packages are not installed. Run `npm ci` in console/.');
}

const plain = process.argv.includes('--plain');
const picture = (name) => path.join(shots, `${plain ? 'plain' : 'demo'}-${name}.png`);
const WAIT_MS = 30_000;
const REQUEST = 'reset the password for john.doe@contoso.com';
mkdirSync(shots, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
page.setDefaultTimeout(WAIT_MS);
const broken = [];
page.on('pageerror', (error) => broken.push(error.message));

async function step(name, walk) {
  try {
    await walk();
    console.log(`ok    ${name}`);
  } catch (error) {
    await page.screenshot({ path: picture('failed') });
    console.error(`FAIL  ${name}\n      ${String(error.message).split('\n').slice(0, 6).join('\n      ')}\n      The page at that moment: ${picture('failed')}`);
    await browser.close();
    process.exit(1);
  }
}

const slack = page.locator('#slack-messages');
const teams = page.locator('#teams-messages');
const openCard = () => teams.locator('.message.with-card', { has: page.getByRole('button', { name: /^approve/i }) }).last();

await step('the page shows the people who are seated', async () => {
  await page.goto(base);
  await page.locator('#slack-me option').first().waitFor({ state: 'attached' });
  await page.locator('#teams-me option').first().waitFor({ state: 'attached' });
});
await step(plain ? 'the page says how to get the drawn cards' : 'the page draws the cards', async () => {
  const notice = page.locator('#no-cards');
  if (!plain && (await notice.isVisible())) throw new Error('it says that it shows plain text');
  if (!plain) return;
  await notice.waitFor();
  const said = await notice.innerText();
  for (const word of ['plain text', 'Node 18', 'make console', 'reload']) if (!said.includes(word)) throw new Error(`no “${word}” in “${said}”`);
});
await step('the technician asks in Slack', async () => {
  await page.fill('#slack-text', REQUEST);
  await page.click('#slack-form button[type=submit]');
  await slack.getByText('john.doe@contoso.com').first().waitFor();
  await slack.locator('.message.reply').first().waitFor();
});
await step('the card reaches the approver in Teams', async () => {
  await openCard().waitFor();
  await page.screenshot({ path: picture('asked') });
});
await step("the card in Slack is not shown with its marks", async () => {
  const said = await slack.locator('.message.reply').first().innerText();
  const mark = said.split('\n').find((line) => /^[*>]/.test(line));
  if (mark) throw new Error(`a line reads “${mark}”`);
});
await step('the approver signs', async () => {
  await openCard().getByRole('button', { name: /^approve/i }).click();
  await openCard().waitFor({ state: 'detached' });
});
await step('both chats say that it is done and verified', async () => {
  await slack.locator('.message.reply', { hasText: /done|verified|succeeded/i }).first().waitFor();
  await teams.locator('.message.with-card', { hasText: /done|verified|succeeded/i }).first().waitFor();
});
await step('the technician has one new direct message with a link of the product', async () => {
  await page.locator('#slack-tabs button', { hasText: 'Direct messages' }).click();
  const way = slack.locator('a[href*="/s/"], .controls button').first();
  await way.waitFor();
});
await step('the tenant and the record show what happened', async () => {
  await page.locator('#tenant .fact.moved').first().waitFor();
  // The record is numbered once a second: it may be behind the cards.
  await page.locator('#record li').nth(2).waitFor();
});
await page.screenshot({ path: picture('done') });
await step('the page itself had no errors', async () => {
  if (broken.length) throw new Error(broken.join('; '));
});
await browser.close();
console.log(`Pictures: ${shots}`);
