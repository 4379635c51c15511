// `npm run gen`: rewrites every generated file; with --check it only says which ones are stale and fails.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { composeConnectors } from './generate/compose.ts';
import { generateContracts } from './generate/contracts.ts';
import { connectorsOf } from './local/places.ts';

const root = join(import.meta.dirname, '..');
const connectors = join(root, 'apps/connectors');
const checkOnly = process.argv.includes('--check');

/** Path -> text, in the order in which one follows from another. What imports a generated file is imported only when its turn comes. */
const files: Record<string, () => string | Promise<string>> = {
  'libs/contracts/src/generated.ts': () => generateContracts(join(root, 'libs/contracts/schemas')),
  'libs/catalog/src/generated.ts': async () => (await import('./generate/catalog.ts')).generateCatalog(connectors),
  'deploy/compose.connectors.yaml': () => composeConnectors(connectorsOf(root)),
  'docs/topics.md': async () => (await import('./generate/documents.ts')).topicsPage(readdirSync(connectors).sort()),
  'docs/config.md': async () => {
    const { everyService, services } = await (await import('./generate/configurations.ts')).configurations(root);
    return (await import('./generate/documents.ts')).configPage(everyService, services);
  },
  'docs/connectors.md': async () => {
    const subjects = await (await import('./conformance/connectors.ts')).subjects();
    const { connectorsPage, documented } = await import('./generate/connectors.ts');
    return connectorsPage(subjects.map(documented));
  },
  'docs/errors.md': async () => (await import('./generate/documents.ts')).errorsPage(),
};

const stale: string[] = [];
for (const [path, generate] of Object.entries(files)) {
  const text = await generate();
  const file = join(root, path);
  if (readOrEmpty(file) === text) continue;
  stale.push(path);
  if (checkOnly) continue;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
if (checkOnly && stale.length > 0) {
  console.error(`stale generated files: ${stale.join(', ')}; run \`npm run gen\` and commit`);
  process.exit(1);
}
console.log(stale.length > 0 ? `generated ${stale.join(', ')}` : 'generated files are fresh');

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
