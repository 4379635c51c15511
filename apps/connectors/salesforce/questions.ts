// What Salesforce can be asked besides: whose account it is, campaigns, objects, and the fields of a person.
import {
  at,
  choicesOf,
  jsonOf,
  listAt,
  path,
  recordFieldsOf,
  tested,
  textAt,
  type Choice,
  type Credentials,
  type HttpRequest,
  type HttpResponse,
  type Question,
  type RecordField,
  type Tested,
} from '@sluice/connector-kit';
import { classify } from './classify.ts';
import type { SalesforceMetadata } from './metadata.ts';
import { rest, soql } from './request.ts';

export const test: Question<SalesforceMetadata, Tested> = {
  build: (credentials) => soql(credentials, 'SELECT Id, Name FROM Organization'),
  read: tested(classify, (body) => {
    const name = textAt(body, 'records', 0, 'Name');
    return name === undefined ? undefined : `the Salesforce organization ${name}`;
  }),
};

const campaigns: Question<SalesforceMetadata, Choice[]> = {
  build: (credentials) =>
    soql(credentials, 'SELECT Id, Name FROM Campaign WHERE IsActive = true ORDER BY LastModifiedDate DESC LIMIT 1000'),
  read: (response) => choicesOf(listAt(jsonOf(response), 'records'), 'Id', 'Name'),
};

const objects: Question<SalesforceMetadata, Choice[]> = {
  build: (credentials) => rest(credentials, { method: 'GET', path: '/sobjects' }),
  read: (response) =>
    choicesOf(
      listAt(jsonOf(response), 'sobjects').filter((object) => at(object, 'createable') === true),
      'name',
      'label',
    ),
};

const properties: Question<SalesforceMetadata, Choice[]> = {
  build: describePerson,
  read: (response) =>
    choicesOf(
      fieldsOf(response).filter((field) => at(field, 'updateable') === true),
      'name',
      'label',
    ),
};

export const choices = { campaigns, objects, properties };

export const recordFields: Question<SalesforceMetadata, RecordField[]> = {
  build: describePerson,
  read: (response) =>
    recordFieldsOf(fieldsOf(response), (field) => {
      const is = (member: string): boolean => at(field, member) === true;
      const length = at(field, 'length');
      return {
        key: textAt(field, 'name'),
        label: textAt(field, 'label'),
        type: textAt(field, 'type'),
        description: textAt(field, 'inlineHelpText'),
        required: is('createable') && !is('nillable') && !is('defaultedOnCreate'),
        read_only: !is('createable') && !is('updateable'),
        choices: listAt(field, 'picklistValues').flatMap((value) => textAt(value, 'value') ?? []),
        max_length: typeof length === 'number' ? length : undefined,
      };
    }),
};

function describePerson(credentials: Credentials<SalesforceMetadata>): HttpRequest {
  return rest(credentials, { method: 'GET', path: path`/sobjects/${credentials.metadata.person}/describe` });
}

const fieldsOf = (response: HttpResponse): unknown[] => listAt(jsonOf(response), 'fields');
