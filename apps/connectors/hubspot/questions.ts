// What HubSpot is asked besides deliveries: whose account it is, and what there is to choose from.
import {
  at,
  choicesMax,
  choicesOf,
  jsonOf,
  listAt,
  path,
  recordFieldsOf,
  tested,
  textAt,
  type Choice,
  type Question,
  type RecordField,
  type Tested,
} from '@sluice/connector-kit';
import { classify } from './classify.ts';
import type { HubspotMetadata } from './metadata.ts';
import { hubspotRequest } from './request.ts';

type Ask<A> = Question<HubspotMetadata, A>;

export const account: Ask<Tested> = {
  build: (by) => hubspotRequest(by, { method: 'GET', path: path`/account-info/${by.metadata.api_version}/details` }),
  read: tested(classify, (body) => {
    const id = at(body, 'portalId');
    const name = textAt(body, 'portalName');
    if (typeof id !== 'number') return undefined;
    return name === undefined ? `HubSpot account ${id}` : `HubSpot account ${id}, ${name}`;
  }),
};

/** Static lists of contacts: HubSpot lets nobody put a contact on an active one. */
export const lists: Ask<Choice[]> = {
  build: (by) =>
    hubspotRequest(by, {
      method: 'POST',
      path: path`/crm/lists/${by.metadata.api_version}/search`,
      // All but objectTypeId and count are required since 2026-09, also where they say nothing.
      json: {
        objectTypeId: '0-1',
        processingTypes: ['MANUAL', 'SNAPSHOT'],
        listIds: [],
        additionalProperties: [],
        offset: 0,
        count: 500,
      },
    }),
  read: (response) => choicesOf(listAt(jsonOf(response), 'lists'), 'listId'),
};

const buildPipelines: Ask<Choice[]>['build'] = (by) =>
  hubspotRequest(by, { method: 'GET', path: path`/crm/pipelines/${by.metadata.api_version}/deals` });

export const pipelines: Ask<Choice[]> = {
  build: buildPipelines,
  read: (response) => choicesOf(listAt(jsonOf(response), 'results'), 'id', 'label'),
};

/** Stages of all pipelines, each with its pipeline's name. */
export const dealStages: Ask<Choice[]> = {
  build: buildPipelines,
  read: (response) =>
    listAt(jsonOf(response), 'results')
      .flatMap((pipeline) => {
        const name = textAt(pipeline, 'label') ?? textAt(pipeline, 'id') ?? '';
        const stages = choicesOf(listAt(pipeline, 'stages'), 'id', 'label');
        return stages.map(({ value, label }) => ({ value, label: `${name}: ${label}` }));
      })
      .slice(0, choicesMax),
};

const buildProperties: Ask<unknown>['build'] = (by) =>
  hubspotRequest(by, { method: 'GET', path: path`/crm/properties/${by.metadata.api_version}/contacts` });

const isReadOnly = (property: unknown): boolean => at(property, 'modificationMetadata', 'readOnlyValue') === true;

/** Those that may be set. */
export const properties: Ask<Choice[]> = {
  build: buildProperties,
  read: (response) => {
    const writable = listAt(jsonOf(response), 'results').filter((property) => !isReadOnly(property));
    return choicesOf(writable, 'name', 'label');
  },
};

export const contactFields: Ask<RecordField[]> = {
  build: buildProperties,
  read: (response) =>
    recordFieldsOf(listAt(jsonOf(response), 'results'), (property) => ({
      key: textAt(property, 'name'),
      label: textAt(property, 'label'),
      type: textAt(property, 'type'),
      description: textAt(property, 'description'),
      required: textAt(property, 'name') === 'email',
      read_only: isReadOnly(property),
      choices: choicesOf(listAt(property, 'options'), 'value', 'label'),
    })),
};
