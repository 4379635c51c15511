// Infers nx targets from the tree, so that no project needs a project.json: `build` wherever a main.ts stands, `test` everywhere.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const createNodesV2 = [
  '{apps,libs}/**/package.json',
  (files, _options, { workspaceRoot }) =>
    files.map((file) => [
      file,
      { projects: { [dirname(file)]: { targets: targetsOf(dirname(file), workspaceRoot) } } },
    ]),
];

function targetsOf(folder, workspaceRoot) {
  const targets = {
    test: { command: `node --experimental-vm-modules node_modules/jest/bin/jest.js ${folder}/ --selectProjects unit` },
  };
  if (existsSync(join(workspaceRoot, folder, 'main.ts'))) {
    targets.build = {
      command: `node tools/build.mjs ${folder}`,
      cache: true,
      inputs: ['sources', '^sources'],
      outputs: [`{workspaceRoot}/dist/${folder}`],
    };
  }
  return targets;
}
