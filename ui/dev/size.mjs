// Fails a build in which a page needs more script than people on a slow line should wait for: the
// script that index.html names, and the module of the page with all that both import.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const firstLoadMax = 120 * 1024;
const assets = join(import.meta.dirname, '..', 'dist', 'assets');
const textOf = (name) => readFileSync(join(assets, name), 'utf8');
const namesIn = (text, pattern) => [...text.matchAll(pattern)].map((found) => found[1]);

// The module and everything it imports before it runs.
function needed(name, known = new Set()) {
  if (known.has(name)) return known;
  known.add(name);
  const imports = /(?:\bfrom|\bimport)\s*"\.\/([\w.-]+\.js)"/g;
  for (const other of namesIn(textOf(name), imports)) needed(other, known);
  return known;
}

const kilobytes = (names) => [...names]
  .reduce((sum, name) => sum + gzipSync(textOf(name), { level: 9 }).length, 0) / 1024;
const index = readFileSync(join(assets, '..', 'index.html'), 'utf8');
const entries = namesIn(index, /(?:src|href)="\/?assets\/([\w.-]+\.js)"/g);
const frame = new Set(entries.flatMap((name) => [...needed(name)]));
const laterIn = (names) => [...names].flatMap((name) =>
  namesIn(textOf(name), /\bimport\("\.\/([\w.-]+\.js)"\)/g));
const firstOf = (name, before) => {
  const first = new Set([...before, ...needed(name)]);
  // An address may open a trace over its list.
  const inside = laterIn([...first].filter((other) => !before.has(other)))
    .filter((other) => other.startsWith('TraceView-') && !first.has(other));
  return [{ name, first }, ...inside.flatMap((other) => firstOf(other, first))];
};
const pages = laterIn(frame).filter((name) => /Page-/.test(name))
  .flatMap((name) => firstOf(name, frame))
  .map(({ name, first }) => ({ name, files: first.size, size: kilobytes(first) }))
  .sort((a, b) => b.size - a.size);
console.log(`script, gzip: ${kilobytes(frame).toFixed(1)} KB before any page; first load of`);
for (const { name, files, size } of pages) {
  console.log(`  ${size.toFixed(1).padStart(6)} KB in ${String(files).padStart(2)} files  ${name}`);
}
if (pages.length < 10 || pages[0].size * 1024 > firstLoadMax) {
  console.error(`a first load is over ${firstLoadMax / 1024} KB, or pages were not found`);
  process.exit(1);
}
