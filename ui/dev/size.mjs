// Fails a build whose first load has more script than people on a slow line should wait for.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const firstLoadMax = 120 * 1024;
const dist = join(import.meta.dirname, '..', 'dist');
const page = readFileSync(join(dist, 'index.html'), 'utf8');
const scripts = [...page.matchAll(/(?:src|href)="\/?(assets\/[^"]+\.js)"/g)].map((found) => found[1]);
const size = (name) => gzipSync(readFileSync(join(dist, name)), { level: 9 }).length;
const first = scripts.reduce((sum, name) => sum + size(name), 0);
const later = readdirSync(join(dist, 'assets')).filter((name) =>
  name.endsWith('.js') && !scripts.includes(`assets/${name}`));
console.log(`first load: ${(first / 1024).toFixed(1)} KB of script, gzip (limit ${firstLoadMax / 1024})`);
for (const name of later) console.log(`  later: ${name} ${(size(`assets/${name}`) / 1024).toFixed(1)} KB`);
if (scripts.length === 0 || first > firstLoadMax) {
  console.error('the first load is too large, or no script was found');
  process.exit(1);
}
