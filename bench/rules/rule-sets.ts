// Rules and events to measure with. Every rule but a plain one fails at the score alone, so that the index has to find it and its
// tests have to be tried; with a high score the same events match.
import type { Rule } from '../../libs/contracts/src/index.ts';
import { event, type Lead } from '../mapping/six-fields.ts';

export interface Measured extends Lead {
  amount: number;
}

export const type = 'lead.created';
export const highScore = 1_000;

/** An event's score is below 100. */
export function payload(number: number): Measured {
  return { ...event(number), campaign: { id: `c${number % 2_000}`, name: 'Autumn' }, amount: number };
}

/** Conditions on the payload, of as many rules as one likes, and the same as code. */
export interface RuleSet {
  name: string;
  conditions: (number: number) => object;
  matches: (number: number, of: Measured) => boolean;
}

const scoreFrom = (number: number): number => 100 + (number % 50);
const score = (number: number): object[] => [{ numeric: ['>=', scoreFrom(number)] }];
const countries = ['DE', 'FR', 'US', 'IT', 'ES'];
const someCountries = (number: number): string[] =>
  [0, 1, 2].map((more) => countries[(number + more) % countries.length] as string);

const equalities: RuleSet = {
  name: 'equalities',
  conditions: (number) => ({
    campaign: { id: [`c${number % 2_000}`] },
    address: { country: someCountries(number) },
    score: score(number),
  }),
  matches: (number, { campaign, address, score }) =>
    campaign.id === `c${number % 2_000}` &&
    someCountries(number).includes(address.country) &&
    score >= scoreFrom(number),
};

/** Of different widths, so that an amount lies in about sixteen of them. */
const widthOf = (number: number): number => 1 + (number % 32);

const ranges: RuleSet = {
  name: 'numeric ranges',
  conditions: (number) => ({
    amount: [{ numeric: ['>=', number, '<', number + widthOf(number)] }],
    score: score(number),
  }),
  matches: (number, { amount, score }) =>
    amount >= number && amount < number + widthOf(number) && score >= scoreFrom(number),
};

const prefixes: RuleSet = {
  name: 'prefixes',
  conditions: (number) => ({ email: [{ prefix: `person${number}` }], score: score(number) }),
  matches: (number, { email, score }) => email.startsWith(`person${number}`) && score >= scoreFrom(number),
};

export const ruleSets: readonly RuleSet[] = [equalities, ranges, prefixes];

export function ruleOf(id: string, workspace: string, payload: object): Rule {
  return {
    id,
    workspace_id: workspace,
    connection_id: `connection of ${workspace}`,
    connector: 'webhook',
    version: 1,
    event: type,
    resource: null,
    resource_id: null,
    action: 'send_webhook',
    action_settings: '{}',
    mapping_version: null,
    active: true,
    conditions: JSON.stringify({ payload }),
    mapping: null,
  };
}
