// Makes what a newcomer needs to see an event arrive: an organization, a workspace, a connection to the local receiver, a rule.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Api, type Json, type MachineKeys } from './api.ts';
import { Failure } from './failure.ts';

export const demoEvent = 'lead.created';
export const demoPath = '/hooks/demo';

export interface Seed extends MachineKeys {
  readonly workspace: string;
  readonly publishable_key: string;
}

export interface SeedOptions {
  /** Where the keys are kept, since a secret is shown only once. */
  readonly file: string;
  readonly apiUrl: string;
  readonly receiverUrl: string;
  /** Makes an organization and answers with the JSON line that the set-up program prints. */
  readonly createOrganization: () => Promise<string>;
}

function text(record: Json, name: string): string {
  const value = record[name];
  if (typeof value === 'string') return value;
  throw new Failure(`reading an answer of the API: "${name}" is missing in ${JSON.stringify(record).slice(0, 300)}`);
}

function part(record: Json, name: string): Json {
  const value = record[name];
  if (typeof value === 'object' && value !== null) return value as Json;
  throw new Failure(`reading an answer of the API: "${name}" is missing in ${JSON.stringify(record).slice(0, 300)}`);
}

function keptKeys(file: string): MachineKeys | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as MachineKeys) : undefined;
}

async function organizationKeys(options: SeedOptions): Promise<MachineKeys> {
  const kept = keptKeys(options.file);
  if (kept !== undefined && (await new Api(options.apiUrl, kept).knowsUs())) return kept;
  const line = (await options.createOrganization()).trim().split('\n').at(-1) ?? '';
  const made = JSON.parse(line) as Json;
  const keys = {
    org: text(made, 'organization'),
    machine_key: text(made, 'machine_key'),
    machine_secret: text(made, 'machine_secret'),
  };
  writeFileSync(options.file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  return keys;
}

async function ensureWorkspace(api: Api): Promise<string> {
  const found = await api.find('/workspaces', (record) => record['name'] === 'Demo');
  if (found !== undefined) return text(found, 'id');
  const made = await api.call({ method: 'POST', path: '/workspaces', body: { name: 'Demo' } });
  return text(part(made, 'workspace'), 'id');
}

async function ensureConnection(api: Api, workspace: string, url: string): Promise<string> {
  const name = 'Local receiver';
  const metadata = { url, http_method: 'POST', payload_mode: 'wrapped', auth_scheme: 'none' };
  const body = { workspace, type: 'webhook', name, metadata };
  const found = await api.find(`/workspaces/${workspace}/connections`, (record) => record['name'] === name);
  if (found === undefined) {
    return text(part(await api.call({ method: 'POST', path: '/connections', body }), 'connection'), 'id');
  }
  const id = text(found, 'id');
  // The receiver's port was moved since.
  if (part(found, 'metadata')['url'] !== url) await api.call({ method: 'PUT', path: `/connections/${id}`, body });
  return id;
}

async function ensureRule(api: Api, workspace: string, connection: string): Promise<void> {
  const isOurs = (record: Json): boolean => record['event'] === demoEvent && record['connection'] === connection;
  if ((await api.find(`/workspaces/${workspace}/rules`, isOurs)) !== undefined) return;
  const body = { workspace, connection, event: demoEvent, metadata: { action: 'send_webhook' } };
  await api.call({ method: 'POST', path: '/rules', body });
}

/** Run at every start: it makes what is missing and leaves alone what is there. */
export async function seedDemo(options: SeedOptions): Promise<Seed> {
  const keys = await organizationKeys(options);
  const api = new Api(options.apiUrl, keys);
  const workspace = await ensureWorkspace(api);
  const connection = await ensureConnection(api, workspace, `${options.receiverUrl}${demoPath}`);
  await ensureRule(api, workspace, connection);
  const whole = await api.call({ method: 'GET', path: `/workspaces/${workspace}` });
  return { ...keys, workspace, publishable_key: text(part(whole, 'publishable_key'), 'public_key') };
}
