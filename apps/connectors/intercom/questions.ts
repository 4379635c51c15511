// What Intercom is asked besides deliveries: whose workspace it is, and what there is to choose from.
import {
  at,
  choicesOf,
  jsonOf,
  listAt,
  recordFieldsOf,
  tested,
  textAt,
  type Choice,
  type Question,
  type RecordField,
  type Tested,
} from '@sluice/connector-kit';
import { classify } from './classify.ts';
import type { IntercomMetadata } from './metadata.ts';
import { intercomRequest } from './request.ts';

type Ask<A> = Question<IntercomMetadata, A>;

const get =
  (path: string): Ask<unknown>['build'] =>
  (by) =>
    intercomRequest(by, { method: 'GET', path });

export const me: Ask<Tested> = {
  build: get('/me'),
  read: tested(classify, (body) => {
    const workspace = textAt(body, 'app', 'name') ?? textAt(body, 'app', 'id_code');
    if (workspace === undefined) return undefined;
    const details = [textAt(body, 'app', 'region'), textAt(body, 'email')].filter((each) => each !== undefined);
    return [`Intercom workspace ${workspace}`, ...details].join(', ');
  }),
};

export const tags: Ask<Choice[]> = {
  build: get('/tags'),
  read: (response) => choicesOf(listAt(jsonOf(response), 'data')),
};

export const admins: Ask<Choice[]> = {
  build: get('/admins'),
  read: (response) => choicesOf(listAt(jsonOf(response), 'admins')),
};

const isArchived = (attribute: unknown): boolean => at(attribute, 'archived') === true;

/** Keys are paths in what a mapping makes: `custom_attributes.plan`. */
export const contactFields: Ask<RecordField[]> = {
  build: get('/data_attributes?model=contact'),
  read: (response) => {
    const attributes = listAt(jsonOf(response), 'data').filter((attribute) => !isArchived(attribute));
    return recordFieldsOf(attributes, (attribute) => {
      const key = textAt(attribute, 'full_name') ?? textAt(attribute, 'name');
      const options = listAt(attribute, 'options').filter((option) => typeof option === 'string');
      return {
        key,
        label: textAt(attribute, 'label'),
        type: textAt(attribute, 'data_type'),
        description: textAt(attribute, 'description'),
        required: key === 'email',
        read_only: at(attribute, 'api_writable') === false,
        choices: options.map((option) => ({ value: option, label: option })),
      };
    });
  },
};
