// Writes every dashboard as a TypeScript literal into generated/, which tsc then checks against shape.ts. A literal is
// checked more strictly than an imported JSON file: unknown properties are errors.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const json = new URL('../json/', import.meta.url);
const out = new URL('./generated/', import.meta.url);
rmSync(out, { recursive: true, force: true });
mkdirSync(out);
const names = readdirSync(json).filter((n) => n.endsWith('.json'));
if (names.length < 4) throw new Error(`there are only ${names.length} dashboards in json/; run make generate`);
for (const name of names) {
  const text = readFileSync(new URL(name, json), 'utf8');
  JSON.parse(text);
  writeFileSync(new URL(name.replace('.json', '.ts'), out), `import type { Dashboard } from '../shape.js';\nexport const dashboard: Dashboard = ${text};\n`);
}
