// What a scenario is: what it proves, how large it is by default and in short, and the criteria by which it passes or does not.
import type { Environment } from '../local/plan.ts';
import type { Rig } from './rig.ts';

export interface Size {
  readonly events: number;
  readonly kills: number;
  /** How long a phase or an outage lasts. */
  readonly seconds: number;
}

export interface Run extends Size {
  readonly seed: number;
}

export interface Criterion {
  readonly what: string;
  readonly figure: string;
  /** What the figure has to be. */
  readonly limit: string;
  readonly isMet: boolean;
}

export interface Verdict {
  readonly criteria: readonly Criterion[];
  /** Figures that no criterion judges. */
  readonly notes: readonly string[];
}

export interface Scenario {
  readonly name: string;
  /** The goals of the reliability table that it judges. */
  readonly proves: string;
  readonly size: Size;
  readonly short: Size;
  /** Whether the services reach Kafka, Postgres and the registry through proxies of the run. */
  readonly isProxied?: boolean;
  /** More environment for one service each, by its name. */
  readonly serviceEnv?: Readonly<Record<string, Environment>>;
  readonly run: (rig: Rig, run: Run) => Promise<Verdict>;
}

const rounded = (figure: number): string => String(Math.round(figure * 1_000) / 1_000);

interface Figure {
  readonly what: string;
  readonly figure: number;
  readonly unit?: string;
}

export const atMost = (limit: number, { what, figure, unit = '' }: Figure): Criterion => ({
  what,
  figure: `${rounded(figure)}${unit}`,
  limit: `<= ${rounded(limit)}${unit}`,
  isMet: figure <= limit,
});

export const exactly = (wanted: number, { what, figure, unit = '' }: Figure): Criterion => ({
  what,
  figure: `${rounded(figure)}${unit}`,
  limit: `= ${rounded(wanted)}${unit}`,
  isMet: figure === wanted,
});

export const atLeast = (limit: number, { what, figure, unit = '' }: Figure): Criterion => ({
  what,
  figure: `${rounded(figure)}${unit}`,
  limit: `>= ${rounded(limit)}${unit}`,
  isMet: figure >= limit,
});
