// Bundles the two renderers of the demo page into dist/. The page itself is plain JavaScript in
// static/ and needs no build; without dist/ it shows each message's plain text instead.
import { build } from 'esbuild';
import { copyFile, mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const here = path.dirname(fileURLToPath(import.meta.url));
const inside = (...parts) => path.join(here, ...parts);

const shared = {
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2020',
  legalComments: 'linked', // every bundle gets a .LEGAL.txt with the licences it carries
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning',
};

await mkdir(inside('dist'), { recursive: true });
await Promise.all([
  build({ ...shared, entryPoints: [inside('src', 'adaptivecards.js')], outfile: inside('dist', 'adaptivecards.js') }),
  build({ ...shared, entryPoints: [inside('src', 'slack-blocks.jsx')], jsx: 'automatic', outfile: inside('dist', 'slack-blocks.js') }),
  copyFile(inside('node_modules', 'slack-blocks-to-jsx', 'dist', 'style.css'), inside('dist', 'slack-blocks.css')),
]);
console.log('console/dist: adaptivecards.js, slack-blocks.js and slack-blocks.css are built');
