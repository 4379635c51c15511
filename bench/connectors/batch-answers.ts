// What vendors answer to a batch that they took whole.

interface BatchAnswer {
  /** Where the items stand in a batch's body. */
  items: string;
  answer: (items: readonly Record<string, unknown>[]) => unknown;
}

/** By connector. */
export const batchAnswers: Readonly<Record<string, BatchAnswer>> = {
  hubspot: {
    items: 'inputs',
    answer: (items) => ({
      status: 'COMPLETE',
      results: items.map(({ objectWriteTraceId, properties }, at) => ({ id: `${at}`, objectWriteTraceId, properties })),
    }),
  },
  mailchimp: { items: 'members', answer: (items) => ({ new_members: items, updated_members: [], errors: [] }) },
  posthog: { items: 'batch', answer: () => ({ status: 1 }) },
  salesforce: {
    items: 'records',
    answer: (items) => items.map((_, at) => ({ id: `00Q${at}`, success: true, errors: [], created: true })),
  },
  segment: { items: 'batch', answer: () => ({ success: true }) },
};
