// rates: connections that may be called so often a second or a minute, and have more to do than that. The receiver sees the rate, no more and no less (R9).
import type { Customer } from '../customer.ts';
import { send } from '../load.ts';
import type { Ledger } from '../ledger.ts';
import { wasTaken, type Received } from '../received.ts';
import { conserved, seen, type Rig } from '../rig.ts';
import { exactly, type Run, type Scenario, type Verdict } from '../scenario.ts';
import { crowdOf } from '../timing.ts';
import { numbered, patient, untilTaken } from './usual.ts';

interface Rate {
  readonly limit: number;
  readonly per: 'second' | 'minute';
}

const limits: readonly Rate[] = [
  ...[5, 10, 20, 30, 50, 75, 100].map((limit) => ({ limit, per: 'second' }) as const),
  ...[480, 1_500, 3_600].map((limit) => ({ limit, per: 'minute' }) as const),
];
const windowMs = 10_000;
const tolerance = 0.05;
/** Seconds of work that are there before the judged time begins: more than the burst that a limit for a minute allows. */
const aheadS = 5;
/** The load above the limit: what waits is more and more. */
const excess = 1.2;
const recoveryLimitMs = 300_000;

const periodMsOf = ({ per }: Rate): number => (per === 'second' ? 1_000 : 60_000);
const inMs = (rate: Rate, ms: number): number => (rate.limit * ms) / periodMsOf(rate);
const typeOf = (rate: Rate): string => `fault.${rate.limit}-a-${rate.per}`;
const pathOf = (rate: Rate): string => `/rates/${rate.limit}/${rate.per}`;

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What must be done first is sent at once, then more than the limit for so many seconds. Returns the time of the latter. */
async function load(customer: Customer, ledger: Ledger, seconds: number): Promise<Span> {
  const phase = async (overS: number, first: number, factor: number): Promise<void> => {
    const sendings = limits.map((rate) => {
      const perSecond = inMs(rate, 1_000) * factor;
      const draft = numbered(typeOf(rate));
      const bulk = Math.ceil(perSecond / 10);
      return send({
        ...{ customer, ledger, events: Math.ceil(perSecond * overS), first, draft, bulk, senders: 2 },
        ...(first > 0 && { perSecond }),
      });
    });
    await Promise.all(sendings);
  };
  await phase(aheadS, 0, 1);
  const fromMs = Date.now();
  await phase(seconds, 1_000_000, excess);
  return { fromMs, toMs: Date.now() };
}

interface Seen extends Rate {
  readonly wanted: number;
  readonly least: number;
  readonly most: number;
  readonly isBelow: boolean;
  readonly isAbove: boolean;
}

function within(rate: Rate, moments: readonly number[], { fromMs, toMs }: Span): Seen {
  const wanted = inMs(rate, windowMs);
  const { least, most } = crowdOf(moments, windowMs, { fromMs, toMs });
  // Whole requests: an even 4.8 a second are now 47 in ten seconds, now 48.
  const isBelow = least < Math.floor(wanted * (1 - tolerance));
  return { ...rate, wanted, least, most, isBelow, isAbove: most > Math.ceil(wanted * (1 + tolerance)) };
}

async function run(rig: Rig, { seconds }: Run): Promise<Verdict> {
  const customer = await rig.customer();
  for (const rate of limits) {
    await customer.rule({
      type: typeOf(rate),
      url: rig.destination.url(pathOf(rate)),
      policy: { ...patient, rate },
    });
  }
  await customer.configured();
  const ledger = rig.ledger();
  const busy = await load(customer, ledger, seconds);
  await untilTaken(rig, ledger.entries.length, recoveryLimitMs);
  const found = await rig.audited(ledger, customer);

  const momentsOf = momentsBy(found.evidence.requests);
  const under = limits.map((rate) => within(rate, momentsOf(rate), busy));
  const whole = limits.map((rate) => {
    const moments = momentsOf(rate);
    const ofLimitMs = Math.max(windowMs, periodMsOf(rate));
    const span = { fromMs: (moments[0] ?? 0) - ofLimitMs, toMs: (moments.at(-1) ?? 0) + ofLimitMs };
    return { ...rate, ofLimitMs, most: crowdOf(moments, ofLimitMs, span).most };
  });
  return {
    criteria: [
      exactly(0, { what: 'below the rate in some 10 s', figure: under.filter(({ isBelow }) => isBelow).length }),
      exactly(0, { what: 'above the rate in some 10 s', figure: under.filter(({ isAbove }) => isAbove).length }),
      exactly(0, {
        what: 'above the limit in some 10 s or minute, from first to last',
        figure: whole.filter((each) => each.most > inMs(each, each.ofLimitMs) * (1 + tolerance)).length,
      }),
      ...conserved(found),
    ],
    notes: [...seen(found), ...under.map((each) => `${toldOf(each)}; ${restOf(each, momentsOf(each), busy.toMs)}`)],
  };
}

const shareOf = (count: number, wanted: number): string => `${((100 * count) / wanted).toFixed(1)} %`;

const toldOf = ({ limit, per, wanted, least, most }: Seen): string =>
  `${limit} a ${per}: ${least} to ${most} of ${wanted} in any 10 s (${shareOf(least, wanted)} to ${shareOf(most, wanted)})`;

/** What waited in hand or in parking when the load was over. */
function restOf(rate: Rate, moments: readonly number[], toMs: number): string {
  const rest = moments.filter((at) => at > toMs);
  const tookMs = (rest.at(-1) ?? toMs) - toMs;
  return `${rest.length} after the load in ${(tookMs / 1_000).toFixed(1)} s (${shareOf(rest.length, inMs(rate, tookMs))})`;
}

function momentsBy(requests: readonly Received[]): (rate: Rate) => number[] {
  const byPath = Map.groupBy(requests.filter(wasTaken), ({ path }) => path);
  return (rate) => (byPath.get(pathOf(rate)) ?? []).map(({ atMs }) => atMs);
}

export const rates: Scenario = {
  name: 'rates',
  proves: 'R9: rates of 5 to 100 a second are kept within 5 % over any 10 s while there is more to do than they allow',
  size: { events: 0, kills: 0, seconds: 60 },
  short: { events: 0, kills: 0, seconds: 30 },
  run,
};
