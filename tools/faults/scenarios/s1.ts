// s1: connections to where nobody may call. Control refuses them, and the connector does where a control was laxer (S1).
import { forbiddenUrls } from '@sluice/outbound/testing/forbidden-urls.ts';
import { Customer } from '../customer.ts';
import { Hostile, type Heard } from '../hostile.ts';
import { send } from '../load.ts';
import { attemptsOf, waysOf, type AttemptEnd } from '../outcomes.ts';
import { conserved, seen, type Rig } from '../rig.ts';
import { atLeast, exactly, type Scenario, type Verdict } from '../scenario.ts';
import { Twin } from '../twin.ts';
import { numbered } from './usual.ts';

const typeOf = (n: number): string => `fault.forbidden-${n}`;

/** How many of the URLs a control that allows nothing refuses, naming the field. */
async function refusedOf(rig: Rig, urls: readonly string[]): Promise<number> {
  const strict = await Twin.start(rig.plant, 'control', { OUTBOUND_ALLOW: '' });
  try {
    const customer = await Customer.create({ ...rig.plant, api: strict.url }, 'faults s1 strict');
    let refused = 0;
    for (const url of urls) {
      const { workspace } = customer;
      const wanted = JSON.stringify({ workspace, type: 'webhook', name: 'forbidden', metadata: { url } });
      const { status, body } = await customer.post('/connections', wanted);
      if (status === 400 && JSON.stringify(body).includes('"metadata.url"')) refused++;
      else rig.tell(`${url} was answered ${status}`);
    }
    return refused;
  } finally {
    await strict.stop();
  }
}

/** The numbers of the URLs that the stack's own control takes, as it would have before its list was made shorter. */
async function taken(customer: Customer, urls: readonly string[]): Promise<number[]> {
  const numbers: number[] = [];
  for (const [n, url] of urls.entries()) {
    const rule = await customer.rule({ type: typeOf(n), url }).catch(() => undefined);
    if (rule !== undefined) numbers.push(n);
  }
  await customer.configured();
  return numbers;
}

const isRefusal = ({ code, connectMs }: AttemptEnd): boolean => code === 'address_forbidden' && connectMs === null;
const connectionsOf = ({ connections }: Heard): number =>
  Object.values(connections).reduce((sum, count) => sum + count, 0);

async function run(rig: Rig): Promise<Verdict> {
  const canary = await Hostile.start();
  try {
    const forms = Object.values(forbiddenUrls).flat();
    const urls = [...new Set(forms.map((form) => form.replaceAll('{port}', String(canary.port))))];
    const refused = await refusedOf(rig, urls);

    const customer = await rig.customer();
    const numbers = await taken(customer, urls);
    const ledger = rig.ledger();
    const draft = (index: number) => numbered(typeOf(numbers[index] ?? 0))(index);
    await send({ customer, ledger, events: numbers.length, draft });
    const found = await rig.audited(ledger, customer);
    const attempts = await attemptsOf(rig.plant, customer);
    const astray = connectionsOf(await canary.heard());
    await fetch(canary.url('/'));
    return {
      criteria: [
        atLeast(200, { what: 'URLs', figure: urls.length }),
        exactly(urls.length, { what: 'refused when saved, naming the field', figure: refused }),
        atLeast(100, { what: 'saved where control was laxer, and sent to', figure: numbers.length }),
        exactly(numbers.length, {
          what: 'address_forbidden, no connection made',
          figure: attempts.filter(isRefusal).length,
        }),
        exactly(0, { what: 'connections to this machine', figure: astray }),
        exactly(1, { what: 'once it is called', figure: connectionsOf(await canary.heard()) }),
        ...conserved(found),
      ],
      notes: [...seen(found), `attempts: ${waysOf(attempts)}`],
    };
  } finally {
    canary.stop();
  }
}

export const s1: Scenario = {
  name: 's1',
  proves:
    'S1: URLs that must not be called, in every disguise, are refused when saved, and when sent to: 0 connections',
  size: { events: 0, kills: 0, seconds: 0 },
  short: { events: 0, kills: 0, seconds: 0 },
  serviceEnv: {
    control: { OUTBOUND_ALLOW: '0.0.0.0/0,::/0,localhost' },
    'connector-webhook': { OUTBOUND_ALLOW: '' },
  },
  run,
};
