// Bundles one service into a single file, dist/<folder>/main.mjs, that needs nothing but Node: usage `node tools/build.mjs apps/router`.
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: node tools/build.mjs <folder with a main.ts>');

// Nest, TypeORM and pg ask for optional packages that are not installed; such an import stays as it is and is never reached.
const optionalPackagesStayOutside = {
  name: 'optional-packages-stay-outside',
  setup(bundler) {
    bundler.onResolve({ filter: /^[^./]/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (pluginData === 'asked' || path.startsWith('node:')) return undefined;
      const found = await bundler.resolve(path, { kind, importer, resolveDir, pluginData: 'asked' });
      if (found.errors.length === 0) return found;
      if (importer.includes('/node_modules/')) return { path, external: true };
      return { errors: found.errors };
    });
  },
};

// An import statement asks a built-in module for everything it exports, and node:http then loads fetch, WebSocket and
// their like: 14 MB in a process that does nothing else. Taken by a call, a module gives what is used.
const builtInsAreTakenByCall = {
  name: 'built-ins-are-taken-by-call',
  setup(bundler) {
    bundler.onResolve({ filter: /./ }, ({ path }) =>
      isBuiltin(path) ? { path: path.replace(/^node:/, ''), namespace: 'built-in' } : undefined,
    );
    bundler.onLoad({ filter: /./, namespace: 'built-in' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule('node:${path}');`,
    }));
  },
};

const programs = { main: `${folder}/main.ts` };
// Expressions are evaluated in processes of their own, whose program stands beside the service's.
const { dependencies = {} } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
if ('@sluice/expressions' in dependencies) {
  programs['expression-child'] = join(import.meta.dirname, '../libs/expressions/src/expression-child.ts');
}

await build({
  entryPoints: programs,
  outdir: `dist/${folder}`,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  mainFields: ['module', 'main'],
  logLevel: 'warning',
  plugins: [builtInsAreTakenByCall, optionalPackagesStayOutside],
  // V8 keeps the text of a program: without its spaces, and without a single letter beyond ASCII, which would double the
  // rest, it is 4 MB instead of 13. The map is read by who starts Node with --enable-source-maps.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'external',
  sourcemap: 'linked',
  sourcesContent: false,
  // CommonJS packages inside the bundle still ask for these.
  banner: {
    js: [
      `const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);`,
      `const __filename = import.meta.filename;`,
      `const __dirname = import.meta.dirname;`,
    ].join('\n'),
  },
});
