// One mapping of six fields, in every form that is measured: a path, a template, two objects, a join, a default.

export interface Lead {
  email: string;
  first_name: string;
  last_name: string;
  plan?: string;
  score: number;
  tags: string[];
  address: { street: string; city: string; country: string; zip: string };
  campaign: { id: string; name: string };
  notes: string;
}

export function event(number: number): Lead {
  return {
    email: `person${number}@example.com`,
    first_name: `Ada${number % 50}`,
    last_name: `Lovelace${number % 70}`,
    ...(number % 2 === 0 ? { plan: 'pro' } : {}),
    score: number % 100,
    tags: ['new', `tag${number % 9}`, 'web'],
    address: {
      street: 'Main street 1',
      city: `City${number % 7}`,
      country: ['DE', 'FR', 'US'][number % 3] ?? '',
      zip: '10115',
    },
    campaign: { id: `c${number % 100}`, name: 'Autumn' },
    notes: 'A note that somebody left about this lead. '.repeat(13),
  };
}

export const native = (lead: Lead): object => ({
  email: lead.email,
  name: `${lead.first_name} ${lead.last_name}`,
  address: { city: lead.address.city, country: lead.address.country },
  source: { campaign: lead.campaign.id, score: lead.score },
  tags: lead.tags.join(','),
  plan: lead.plan ?? 'free',
});

export const directives = {
  schema_version: 2,
  map: {
    email: { '@path': 'email' },
    name: { '@template': '{{first_name}} {{last_name}}' },
    address: { city: { '@path': 'address.city' }, country: { '@path': 'address.country' } },
    source: { campaign: { '@path': 'campaign.id' }, score: { '@path': 'score' } },
    tags: { '@join': { '@path': 'tags' } },
    plan: { '@default': [{ '@path': 'plan' }, 'free'] },
  },
};

const path = (dest: string, value: string) => ({ dest, source: { type: 'path', value } });

/** Version 1 has no templates and no joins: what it cannot say is read as it stands. */
export const fields = {
  schema_version: 1,
  fields: [
    path('email', 'email'),
    path('first_name', 'first_name'),
    path('address.city', 'address.city'),
    path('address.country', 'address.country'),
    path('score', 'score'),
    { ...path('plan', 'plan'), transforms: [{ type: 'default', value: 'free' }] },
  ],
};

export const expression = `{
  "email": email,
  "name": first_name & " " & last_name,
  "address": { "city": address.city, "country": address.country },
  "source": { "campaign": campaign.id, "score": score },
  "tags": $join(tags, ","),
  "plan": plan ? plan : "free"
}`;
