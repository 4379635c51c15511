// The actions of a connection as they can be filled in now: where a field is chosen from live choices, the choices stand in its place. Pure.
import type { CatalogAction } from '@sluice/contracts';

export interface Choice {
  value: string;
  label: string;
}

/** What the vendor offers under one name; `problem` where it could not be asked. */
export interface ChoicesOf {
  choices: Choice[];
  problem?: string;
}

type Actions = Record<string, CatalogAction>;
type Schema = Record<string, unknown>;

/** A member of `fields` that names choices has the choices themselves instead, and `choices_problem` where there are none to show. */
export function resolved(actions: Actions, found: Readonly<Record<string, ChoicesOf>>): Actions {
  return Object.fromEntries(
    Object.entries(actions).map(([key, { fields, ...action }]) => [
      key,
      { ...action, ...(fields ? { fields: withChoices(fields, found) } : {}) },
    ]),
  );
}

function withChoices(fields: Schema, found: Readonly<Record<string, ChoicesOf>>): Schema {
  const properties = Object.entries((fields.properties ?? {}) as Record<string, Schema>).map(([member, schema]) => {
    const name = schema.choices;
    const of = typeof name === 'string' && Object.hasOwn(found, name) ? found[name] : undefined;
    if (!of) return [member, schema];
    const problem = of.problem === undefined ? {} : { choices_problem: of.problem };
    return [member, { ...schema, choices: of.choices, ...problem }];
  });
  return { ...fields, properties: Object.fromEntries(properties) as Schema };
}
