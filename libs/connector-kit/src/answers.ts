// Answers to questions, read from JSON that nobody vouches for: who it is, what there is to choose, which fields there are.
import type { Choice, Connector, RecordField, Tested } from './connector.ts';
import { jsonOf, textAt, type HttpResponse } from './http.ts';

/** The answer to a test: whose account it is by `whose`, which finds no word in what is not the vendor's. */
export const tested =
  (classify: Connector['classify'], whose: (body: unknown) => string | undefined) =>
  (response: HttpResponse): Tested => {
    const { class: answerClass, message } = classify(response, 0);
    if (answerClass !== 'delivered') return { ok: false, message };
    const found = whose(jsonOf(response));
    return found === undefined
      ? { ok: false, message: 'what answers does not say whose account it is' }
      : { ok: true, message: found };
  };

/** More are of no use to whoever has to choose. */
export const choicesMax = 1_000;

/** Entries of a list as choices: the texts at `value` and `label`. What lacks its value is left out. */
export const choicesOf = (entries: readonly unknown[], value = 'id', label = 'name'): Choice[] =>
  entries
    .flatMap((entry) => {
      const chosen = textAt(entry, value);
      return chosen === undefined ? [] : [{ value: chosen, label: textAt(entry, label) ?? chosen }];
    })
    .slice(0, choicesMax);

/** A field as far as the vendor describes it. */
interface Described {
  key: string | undefined;
  label: string | undefined;
  type: string | undefined;
  description: string | undefined;
  required?: boolean;
  read_only?: boolean;
  choices?: readonly unknown[];
  max_length?: number;
}

/** Entries of a list as fields of a record. What lacks its key is left out, as are constraints that constrain nothing. */
export const recordFieldsOf = (entries: readonly unknown[], describe: (entry: unknown) => Described): RecordField[] =>
  entries.flatMap((entry) => {
    const { key, label = key, type = 'string', description = '', ...said } = describe(entry);
    if (key === undefined || label === undefined) return [];
    const constraints = Object.entries(said).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : value));
    return [{ key, label, type, description, constraints: Object.fromEntries(constraints) }];
  });
