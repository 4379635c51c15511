// The text of a message: a rule's template with values of the event in it. Placeholders are those of mappings, {{a.b}}.
import { at, InputError } from '@sluice/connector-kit';

/** Slack cuts off what is longer. */
export const messageCharsMax = 40_000;

/** Texts in which every {{ begins a placeholder that has a name and an end. */
export const templateForm = /^(?:(?!\{\{)[\s\S]|\{\{\s*[^\s{}][^{}]*\}\})*$/;

const placeholder = /\{\{([^{}]+)\}\}/g;

/** The template's text as it stands, and the values so that Slack shows them as they are: none becomes a link or a mention. */
export function filled(template: string, payload: unknown): string {
  let room = messageCharsMax - template.length;
  return template.replaceAll(placeholder, (_, name: string) => {
    const value = escaped(shown(at(payload, ...name.trim().split('.'))));
    room -= value.length;
    if (room < 0)
      throw new InputError('fields.template', `makes more than ${messageCharsMax} characters of this event`);
    return value;
  });
}

/** What is absent or null is empty, lists and objects are JSON. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const escaped = (text: string): string => text.replaceAll(/[&<>]/g, (character) => escapes[character] ?? character);
