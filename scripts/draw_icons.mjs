// Draws the icons of the Teams app from the page's own icon: node scripts/draw_icons.mjs
// Teams wants a colour icon of 192 x 192 and a white, transparent outline of 32 x 32 pixels.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from './chromium.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { chromium } = createRequire(path.join(root, 'console', 'package.json'))('playwright-core');

// Teams rounds the corners itself, so the colour icon fills its square.
const colour = readFileSync(path.join(root, 'console', 'static', 'icon.svg'), 'utf8').replace(' rx="40"', '');
const outline = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="#fff" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round">
  <path d="M16 3.5 26.5 7.5v8.2c0 6.3-4.3 10.9-10.5 13-6.2-2.1-10.5-6.7-10.5-13V7.5Z"/><path d="m11 16.3 3.7 3.7 6.6-7.6"/></svg>`;

const browser = await chromium.launch({ executablePath: findChromium() ?? undefined, args: ['--no-sandbox'] });
for (const [name, svg, size] of [['color.png', colour, 192], ['outline.png', outline, 32]]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
  await page.screenshot({ path: path.join(root, 'manifests', 'teams', name), omitBackground: true });
  await page.close();
}
await browser.close();
