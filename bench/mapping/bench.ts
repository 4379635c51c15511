// What a mapping costs: six fields by directives, beside a closure written by hand and beside JSONata, in CPU time of one run.
// `node bench/mapping/bench.ts`.
import { hash } from 'node:crypto';
import jsonata from 'jsonata';
import { compileMapping, type MapInput } from '../../libs/mapping/src/index.ts';
import { cpuOf, microsecondsSince, Rounds } from '../rounds.ts';
import { directives, event, expression, fields, native, type Lead } from './six-fields.ts';

const leads = Array.from({ length: 512 }, (_, number) => event(number));
const inputs = leads.map(inputOf);

function inputOf(payload: Lead): MapInput {
  const about = { id: 'e', type: 'lead.created', workspace: 'w', resource: null, resource_id: null, created_at: 0 };
  return { payload: payload as unknown as Record<string, unknown>, event: about };
}

type Once = (number: number) => unknown;

function ours(schema: object): Once {
  const mapping = compileMapping(schema, { sha256: (text) => hash('sha256', text) });
  if (mapping.kind !== 'directives') throw new Error('not a mapping of directives');
  return (number) => mapping.run(inputs[number & 511] as MapInput);
}

/** The same mapping many times over with other keys, so that no call site stays used to one of them. */
function many(count: number): Once {
  const text = JSON.stringify(directives);
  const mappings = Array.from({ length: count }, (_, at) =>
    ours(JSON.parse(text.replaceAll(/"(email|address|score|plan)":/g, `"$1_${at}":`)) as object),
  );
  return (number) => mappings[number % count]?.(number);
}

async function cpuOfJsonata(runs: number): Promise<number> {
  const compiled = jsonata(expression);
  for (let number = 0; number < runs / 10; number++) await compiled.evaluate(leads[number & 511]);
  const before = process.cpuUsage();
  for (let number = 0; number < runs; number++) await compiled.evaluate(leads[number & 511]);
  return microsecondsSince(before) / runs;
}

/** The three make the same of every event, or the figures say nothing. */
async function mustAgree(): Promise<void> {
  const byDirectives = ours(directives);
  const compiled = jsonata(expression);
  for (let number = 0; number < leads.length; number++) {
    const lead = leads[number] as Lead;
    const wanted = JSON.stringify(native(lead));
    const made = JSON.stringify((byDirectives(number) as { value: unknown }).value);
    const byJsonata = JSON.stringify(await compiled.evaluate(lead));
    if (made !== wanted || byJsonata !== wanted) throw new Error(`event ${number}: not the same`);
  }
}

async function main(): Promise<void> {
  await mustAgree();
  const texts = leads.map((lead) => JSON.stringify(lead));
  const rounds = new Rounds();
  await rounds.run({
    'a closure by hand': () => cpuOf((number) => native(leads[number & 511] as Lead), 2_000_000),
    directives: () => cpuOf(ours(directives), 1_000_000),
    'directives, 200 mappings in turn': () => cpuOf(many(200), 1_000_000),
    'fields (version 1)': () => cpuOf(ours(fields), 1_000_000),
    'JSONata 2.2, not isolated': () => cpuOfJsonata(40_000),
    'JSON.parse of the event': () => cpuOf((number) => JSON.parse(texts[number & 511] as string), 400_000),
    'compiling the directives': () => cpuOf(() => compileMapping(directives, { sha256: String }), 20_000),
  });
  process.stdout.write(`six fields of an event of ${texts[0]?.length} B\n`);
  for (const name of rounds.names()) {
    const us = rounds.of(name).map((figure) => figure.toFixed(2));
    const ratio = (rounds.best(name) / rounds.best('directives')).toFixed(2);
    process.stdout.write(
      `${name.padEnd(36)}${us.join(' / ').padStart(16)} us of CPU ${ratio.padStart(8)} x directives\n`,
    );
  }
}

await main();
