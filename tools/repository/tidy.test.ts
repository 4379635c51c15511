// Taste that can be checked is checked here: names, first lines, places, scripts. A rule that is not run decays.
import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { repository } from '../local/places.ts';

const read = (file: string): string => readFileSync(join(repository, file), 'utf8');

// Also what git does not track yet, unless it ignores it: a rule that only bites after a commit bites too late.
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: repository,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(repository, file)));
const code = files.filter((file) => /\.(ts|mjs)$/.test(file));
const ours = code.filter((file) => /^(apps|libs)\//.test(file));

/** Files that break a rule, each with the place. */
function offenders(among: readonly string[], line: (text: string, file: string) => boolean): string[] {
  return among.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((text, index) => (line(text, file) ? [`${file}:${index + 1} ${text.trim()}`] : [])),
  );
}

describe('the repository', () => {
  it('is seen whole, so that the other rules have something to bite', () => {
    expect(ours.length).toBeGreaterThan(150);
  });

  it('says in the first line of every file what it is for', () => {
    const silent = code.filter((file) => !/^(#!.*\n)?\/\/ \S.{15,}/.test(read(file)));
    expect(silent).toEqual([]);
  });

  it('has no folder for what belongs nowhere', () => {
    expect(files.filter((file) => /(^|\/)(common|shared|utils|helpers|misc|core)\//.test(file))).toEqual([]);
  });

  it("uses the glossary's words for what has one, in names of code", () => {
    // docs/glossary.md: the word that is used, and the ones that are not.
    const forbidden: [instead: string, words: RegExp][] = [
      ['workspace', /\b(class|interface|type|function|const|let)\s+\w*[Tt]enant/],
      ['connection', /\b(class|interface|type|function|const|let)\s+\w*([Ee]ndpoint|[Ss]ubscriber)/],
      ['connector', /\b(class|interface|type|function)\s+\w*[Aa]dapter/],
      ['delivery', /\b(class|interface|type|function)\s+\w*Job/],
      ['mapping', /\b(class|interface|type|function)\s+\w*Transformer/],
      ['replay', /\b(class|interface|type|function|const|let)\s+\w*([Rr]edrive|[Rr]esend)/],
      ['dead letter', /\b(class|interface|type|function|const|let)\s+\w*(DLQ|Dlq|dlq)/],
    ];
    const found = forbidden.flatMap(([instead, words]) =>
      offenders(ours, (text) => words.test(text)).map((place) => `${place} (say ${instead})`),
    );
    expect(found).toEqual([]);
  });

  it('reads the environment in config.ts only', () => {
    const places = ours.filter((file) => !/\.test\.ts$|\/testing\//.test(file) && basename(file) !== 'config.ts');
    expect(offenders(places, (text) => text.includes('process.env'))).toEqual([]);
  });

  it('knows kafkajs in libs/kafka only', () => {
    const elsewhere = ours.filter((file) => !file.startsWith('libs/kafka/'));
    expect(offenders(elsewhere, (text) => /from 'kafkajs'/.test(text))).toEqual([]);
  });

  it('leaves no note to itself and no test that is switched off', () => {
    const words = ['FIX' + 'ME', 'TO' + 'DO', 'XX' + 'X'].map((word) => new RegExp(`\\b${word}\\b`));
    expect(offenders(code, (text) => words.some((word) => word.test(text)))).toEqual([]);
    const off = new RegExp('\\b(it|test|describe)\\.(' + 'skip|only|to' + 'do)\\b|\\bx(it|describe)\\(');
    expect(offenders(code, (text) => off.test(text))).toEqual([]);
  });

  it('gives every library at least two projects that import it', () => {
    const manifests = files
      .filter((file) => basename(file) === 'package.json')
      .map((file) => JSON.parse(read(file)) as Manifest);
    const libraries = files
      .filter((file) => /^libs\/[^/]+\/package\.json$/.test(file))
      .map((file) => (JSON.parse(read(file)) as Manifest).name);
    const importers = (name: string) => manifests.filter(({ dependencies }) => name in (dependencies ?? {})).length;
    expect(libraries.filter((name) => importers(name) < 2 && !(name in awaited))).toEqual([]);
    expect(Object.keys(awaited).filter((name) => importers(name) >= 2)).toEqual([]);
  });

  it('has few scripts, and a file for each', () => {
    const { scripts } = JSON.parse(read('package.json')) as Manifest;
    expect(Object.keys(scripts ?? {})).toEqual([
      ...['start', 'reset', 'test', 'check', 'gen', 'new:connector', 'replay', 'faults'],
    ]);
    for (const name of Object.keys(scripts ?? {})) {
      expect(
        files.some((file) => [`tools/${name.replace(':', '-')}.ts`, `tools/local/${name}.ts`].includes(file)),
      ).toBe(true);
    }
  });

  it('tells of every app and connector what it reads, writes and owns, and when it fails', () => {
    const folders = files
      .filter((file) => /^apps\/.*\/main\.ts$/.test(file))
      .map((file) => file.replace(/\/main\.ts$/, ''));
    const missing = folders.flatMap((folder) => {
      const text = files.includes(`${folder}/README.md`) ? read(`${folder}/README.md`) : '';
      return ['Reads', 'Writes', 'Owns', 'Fails when']
        .filter((heading) => !text.includes(`## ${heading}`))
        .map((heading) => `${folder}: ${heading}`);
    });
    expect(missing).toEqual([]);
  });

  it('links only to files that exist', () => {
    const pages = files.filter((file) => file.endsWith('.md'));
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)(#[^)]*)?\)/g)]
        .map(([, target = '']) => join(page, '..', target))
        .filter(
          (target) =>
            !files.includes(target) && !files.some((file) => file.startsWith(`${target.replace(/\/$/, '')}/`)),
        )
        .map((target) => `${page} -> ${target}`),
    );
    expect(broken).toEqual([]);
  });
});

interface Manifest {
  readonly name: string;
  readonly scripts?: Record<string, string>;
  readonly dependencies?: Record<string, string>;
}

/** Libraries whose second importer is still to come, each with the reason; a reason that no longer holds fails the test. */
const awaited: Readonly<Record<string, string>> = {};
