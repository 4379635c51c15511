// setup: an operator's one-time work, done by a program that ends: topics, schemas and tables; a customer and its first key; a replay; vault keys.
import { parseArgs } from 'node:util';
import { readConfig } from '@sluice/service';
import { configShape } from './config.ts';
import { createOrganization } from './organization.ts';
import { prepare } from './prepare.ts';
import { replayTopic } from './replay.ts';
import { rewrapAll } from './rewrap.ts';

const usage = [
  'usage: setup [prepare]                      topics, schemas and tables, where missing',
  '       setup organization --name <name>     a customer and its first machine key',
  '       setup replay <connector> [--workspace <id>] [--connection <id>] [--reason <code>] [--rate <a second>] [--dry-run]',
  '       setup rewrap                         every sealed text under the current vault key',
].join('\n');

class UsageError extends Error {}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        workspace: { type: 'string' },
        connection: { type: 'string' },
        reason: { type: 'string' },
        rate: { type: 'string', default: '1000' },
        'dry-run': { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function rateOf(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new UsageError('--rate must be a whole number from 1');
  return Number(text);
}

const progress = (line: string): void => void process.stderr.write(`${line}\n`);

async function run(): Promise<unknown> {
  const { values, positionals } = parse();
  const config = readConfig(configShape);
  const [command = 'prepare', connector] = positionals;
  switch (command) {
    case 'prepare':
      return prepare(config, progress);
    case 'organization':
      if (!values.name) throw new UsageError('--name is missing');
      return createOrganization(config, values.name);
    case 'replay':
      if (!connector) throw new UsageError('the connector is missing');
      return replayTopic(config, { ...values, connector, rate: rateOf(values.rate), dryRun: values['dry-run'] });
    case 'rewrap':
      return rewrapAll(config, progress);
    default:
      throw new UsageError(`there is no command ${command}`);
  }
}

try {
  process.stdout.write(`${JSON.stringify(await run())}\n`);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(error instanceof UsageError ? `${message}\n${usage}\n` : `setup failed: ${message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
