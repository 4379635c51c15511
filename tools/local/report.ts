// What `npm start` prints at the end: what runs where, the demo's keys, and one command that sends an event.
import { relative } from 'node:path';
import type { Component } from './plan.ts';
import type { Paint } from './progress.ts';
import { demoEvent, demoPath, type Seed } from './seed.ts';
import type { Addresses } from './stack.ts';
import type { Places } from './places.ts';

export interface ReportOptions {
  readonly components: readonly Component[];
  readonly pids: Readonly<Record<string, number>>;
  readonly addresses: Addresses;
  readonly seed: Seed | undefined;
  readonly places: Places;
  readonly tookMs: number;
}

function whereOf(component: Component): string {
  const { kind } = component.readiness;
  return kind === 'http' ? `http://127.0.0.1:${component.port}` : `127.0.0.1:${component.port}`;
}

/** It makes its own token each time it is pasted, since a token lives a minute. */
export function sendCommand(api: string, seed: Seed, token = 'node tools/local/token.mjs'): string {
  const payload = { email: 'ada@example.com', first_name: 'Ada', last_name: 'Lovelace' };
  const body = JSON.stringify({ workspace: seed.workspace, event: demoEvent, payload });
  return [
    `curl -sS ${api}/api/v1/events \\`,
    `  -H "Authorization: Bearer $(${token})" -H 'Content-Type: application/json' \\`,
    `  -d '${body}'`,
  ].join('\n');
}

export function seeCommand(receiver: string): string {
  return `curl -sS '${receiver}/requests?path=${demoPath}&limit=1'`;
}

function titleLine(text: string, paint: Paint): string {
  return `\n${paint('bold', text)}`;
}

function table(rows: readonly (readonly [string, string, string?])[], paint: Paint): string[] {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map(
    ([name, value, more]) =>
      `  ${name.padEnd(widths[0] ?? 0)}  ${paint('cyan', value)}${more ? ' '.repeat((widths[1] ?? 0) - value.length + 2) + paint('dim', more) : ''}`,
  );
}

export interface DemoReport {
  readonly api: string;
  readonly receiver: string;
  readonly seed: Seed;
  readonly note: string;
  /** The command that prints a machine token. */
  readonly token?: string;
}

/** The demo's keys, a command that sends an event with them, and one that shows it arrive. */
export function demoLines({ api, receiver, seed, note, token }: DemoReport, paint: Paint): string[] {
  const keys = [
    ['API', api],
    ['organization', seed.org],
    ['workspace', seed.workspace],
    ['machine key', seed.machine_key],
    ['machine secret', seed.machine_secret],
    ['publishable key', seed.publishable_key],
  ] as const;
  return [
    titleLine('Demo keys', paint) + paint('dim', note),
    ...table(keys, paint),
    titleLine('Send an event, from this directory', paint),
    sendCommand(api, seed, token),
    titleLine('See it arrive', paint),
    seeCommand(receiver),
  ];
}

export function report(options: ReportOptions, paint: Paint): string {
  const { components, pids, addresses, seed, places, tookMs } = options;
  const running = components.map(
    (component) => [component.name, whereOf(component), `process ${pids[component.name] ?? '-'}`] as const,
  );
  const lines = [titleLine(`Sluice is up (${(tookMs / 1000).toFixed(1)} s)`, paint), ...table(running, paint)];
  if (seed !== undefined) {
    const note = ` (with the addresses in ${relative(places.root, places.localFile)})`;
    lines.push(...demoLines({ ...addresses, seed, note }, paint));
  }
  const logs = relative(places.root, places.logs);
  lines.push('', `Logs: ${logs}/<name>.log · stop: Ctrl-C · start afresh: npm run reset`, '');
  return lines.join('\n');
}
