// What Salesforce is asked besides deliveries, and what its answers tell.
import { describe, expect, it } from '@jest/globals';
import { answer } from '@sluice/connector-kit/fixtures.ts';
import { salesforce } from './connector.ts';
import type { SalesforceMetadata } from './metadata.ts';
import { access, fault, settings } from './testing.ts';

describe('a question', () => {
  const { test, choices, recordFields } = salesforce;
  const urls = (over: Partial<SalesforceMetadata> = {}) =>
    [test, ...Object.values(choices ?? {}), recordFields].map(
      (question) => new URL(question!.build({ metadata: { ...settings, ...over }, access }).url).pathname,
    );

  it('reads, and of the person that the connection names', () => {
    const base = '/services/data/v66.0';
    const describe = `${base}/sobjects/Lead/describe`;
    expect(urls({ person: 'Lead' })).toEqual([
      `${base}/query`,
      `${base}/query`,
      `${base}/sobjects`,
      describe,
      describe,
    ]);
  });

  it('says whose account it is, or what Salesforce said', () => {
    const name = { records: [{ Id: '00D', Name: 'Acme' }] };
    expect(test!.read(answer(200, name))).toEqual({ ok: true, message: 'the Salesforce organization Acme' });
    expect(test!.read(answer(401, fault('INVALID_SESSION_ID', 'expired')))).toEqual({
      ok: false,
      message: 'INVALID_SESSION_ID: expired',
    });
    expect(test!.read(answer(200, '<html/>')).ok).toBe(false);
  });

  it('offers campaigns, objects that can be created and fields that can be written', () => {
    const { campaigns, objects, properties } = choices!;
    expect(campaigns!.read(answer(200, { records: [{ Id: '701', Name: 'Spring' }, {}] }))).toEqual([
      { value: '701', label: 'Spring' },
    ]);
    const sobjects = [
      { name: 'Case', label: 'Case', createable: true },
      { name: 'LeadHistory', createable: false },
    ];
    expect(objects!.read(answer(200, { sobjects }))).toEqual([{ value: 'Case', label: 'Case' }]);
    const fields = [
      { name: 'Score__c', updateable: true },
      { name: 'Id', label: 'Id' },
    ];
    expect(properties!.read(answer(200, { fields }))).toEqual([{ value: 'Score__c', label: 'Score__c' }]);
    expect(campaigns!.read(answer(200, '<html/>'))).toEqual([]);
  });

  it('describes the fields of a person', () => {
    const fields = [
      { name: 'LastName', label: 'Last Name', type: 'string', length: 80, createable: true, updateable: true },
      { name: 'Rating', type: 'picklist', nillable: true, createable: true, picklistValues: [{ value: 'Hot' }] },
      { name: 'CreatedDate', label: 'Created', type: 'datetime', inlineHelpText: 'when' },
    ];
    expect(recordFields!.read(answer(200, { fields }))).toEqual([
      {
        key: 'LastName',
        label: 'Last Name',
        type: 'string',
        description: '',
        constraints: { required: true, max_length: 80 },
      },
      { key: 'Rating', label: 'Rating', type: 'picklist', description: '', constraints: { choices: ['Hot'] } },
      { key: 'CreatedDate', label: 'Created', type: 'datetime', description: 'when', constraints: { read_only: true } },
    ]);
  });
});
