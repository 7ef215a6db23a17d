// Takes pictures of cards, as Teams' and Slack's own kinds of renderer draw them.
//
//   node scripts/render_cards.mjs DIR [--out DIR] [--theme light|dark]
//
// DIR holds NAME.teams.json (an Adaptive Card, or the attachment or activity around it) and
// NAME.slack.json (a message with `blocks`, or a modal view). Each is drawn 320 and 480 px wide
// into the out folder (target/cards). Ends 1 when a renderer complains, when a block draws
// nothing, or when something sticks out or is cut at the side; 2 when a tool is missing.
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from './chromium.mjs';

const WIDTHS_PX = [320, 480];
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const option = (name, otherwise) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : otherwise);
const from = process.argv[2];
const out = option('--out', path.join(root, 'target', 'cards'));
const theme = option('--theme', 'light');

const stop = (code, why) => { console.error(why); process.exit(code); };
if (!from || from.startsWith('--')) stop(2, 'Usage: node scripts/render_cards.mjs DIR [--out DIR] [--theme light|dark]');
if (!existsSync(from)) stop(2, `There is no folder ${from}. Make it with: countersign cards --samples ${from}`);
const executablePath = findChromium() ?? stop(2, 'No Chromium or Chrome was found. On Debian: apt-get install chromium. CHROMIUM can name one.');
const dist = (name) => path.join(root, 'console', 'dist', name);
if (!existsSync(dist('adaptivecards.js')) || !existsSync(dist('slack-blocks.js'))) stop(2, 'The renderers are not built. Run: make console');
const { chromium } = createRequire(path.join(root, 'console', 'package.json'))('playwright-core');

const samples = readdirSync(from).filter((name) => /\.(teams|slack)\.json$/.test(name)).sort();
if (!samples.length) stop(1, `${from} holds no *.teams.json or *.slack.json.`);
mkdirSync(out, { recursive: true });

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const page = await browser.newPage({ colorScheme: theme, deviceScaleFactor: 1.5, viewport: { width: 480, height: 400 } });
const heard = [];
page.on('console', (message) => { if (['warning', 'error'].includes(message.type())) heard.push(message.text()); });
page.on('pageerror', (error) => heard.push(error.message));
// Pictures in cards may point anywhere; nothing here goes out for them.
await page.route(/^https?:/, (route) => route.abort());

let wrong = 0;
for (const name of samples) {
  const said = JSON.parse(readFileSync(path.join(from, name), 'utf8'));
  for (const width of WIDTHS_PX) {
    heard.length = 0;
    await page.setViewportSize({ width, height: 400 });
    await page.setContent('<!doctype html><html lang="en"><body><div id="card"></div></body></html>');
    await page.addStyleTag({ content: readFileSync(path.join(root, 'console', 'static', 'page.css'), 'utf8') });
    await page.addStyleTag({ content: 'html, body { height: auto; display: block; background: var(--sheet) } body { padding: 8px }' });
    const complaints = name.endsWith('.teams.json') ? await drawTeams(said) : await drawSlack(said);
    complaints.push(...heard.filter((text) => !text.includes('ERR_FAILED')));
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (over > 0) complaints.push(`${over} px stick out to the side`);
    const cut = await page.evaluate(() => [...document.querySelectorAll('#card, #card *')]
      .filter((one) => one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX === 'hidden')
      .map((one) => one.innerText?.trim().split('\n').find((line) => line.length > 20) ?? one.className));
    for (const text of cut) complaints.push(`text is cut at the side: ${text.slice(0, 60)}`);
    const picture = path.join(out, name.replace(/json$/, `${width}.png`));
    await page.screenshot({ path: picture, fullPage: true });
    console.log(`${complaints.length ? 'WRONG' : 'ok   '} ${picture}`);
    for (const complaint of complaints) console.log(`      ${complaint}`);
    wrong += complaints.length ? 1 : 0;
  }
}
await browser.close();
console.log(`${samples.length} cards at ${WIDTHS_PX.join(' and ')} px, ${wrong} pictures with complaints.`);
process.exit(wrong ? 1 : 0);

/** Draws an Adaptive Card; returns what the renderer complained about. */
async function drawTeams(said) {
  const card = said.attachments?.[0]?.content ?? said.content ?? (said.type === 'AdaptiveCard' ? said : said.value);
  await page.addScriptTag({ path: dist('adaptivecards.js') });
  const complaints = await page.evaluate(([drawn, look]) => {
    const place = document.querySelector('#card');
    place.className = 'card';
    return window.CountersignCards.draw(place, drawn, { theme: look });
  }, [card, theme]);
  // A search (`choices.data`) may begin with no choice in Teams; the renderer knows only fixed ones.
  let searches = JSON.stringify(card).match(/"choices":\[\],"choices\.data"/g)?.length ?? 0;
  return complaints.filter((complaint) => !(/must have at least one choice/.test(complaint) && searches-- > 0));
}

/** Draws a message or a modal's blocks, one by one, so that one that draws nothing is noticed. */
async function drawSlack(said) {
  await page.addStyleTag({ path: dist('slack-blocks.css') });
  await page.addScriptTag({ path: dist('slack-blocks.js') });
  return page.evaluate(([blocks, title, look]) => {
    const place = document.querySelector('#card');
    if (title) place.append(Object.assign(document.createElement('h2'), { textContent: title }));
    const complaints = [];
    for (const block of blocks) {
      const spot = document.createElement('div');
      spot.style.marginBottom = '8px';
      place.append(spot);
      window.CountersignBlocks.draw(spot, [block], { theme: look });
      const shown = spot.textContent.trim() || spot.querySelector('img, hr, input, select, textarea, button') || block.type === 'divider';
      if (!shown) complaints.push(`the block ${block.type} (${block.block_id ?? 'no block_id'}) drew nothing`);
    }
    return complaints;
  }, [said.blocks ?? [], said.title?.text ?? null, theme]);
}
