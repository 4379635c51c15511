// The table of calls is what is really there: every route of control has its row, and every row its route.
import { RequestMethod, type Type } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { ControlModule } from '../control.module.ts';
import { ingestion } from './ingestion.ts';
import { operations } from './index.ts';

/** Every route of the module's controllers, as `get /rules/{id}`. */
function routes(): string[] {
  const controllers = Reflect.getMetadata('controllers', ControlModule) as Type[];
  return controllers.flatMap((controller) => {
    const whole = String(Reflect.getMetadata('path', controller));
    // What is elsewhere is no part of the API: ingest does not hand it on.
    if (!whole.startsWith('api/v1')) return [];
    const base = whole.replace(/^api\/v1/, '');
    const prototype = controller.prototype as Record<string, object>;
    return Object.getOwnPropertyNames(prototype).flatMap((name) => {
      const handler = prototype[name] ?? {};
      const method = Reflect.getMetadata('method', handler) as RequestMethod | undefined;
      if (method === undefined) return [];
      const path = `${base}/${String(Reflect.getMetadata('path', handler))}`.replace(/\/+$/, '').replace(/^\/?/, '/');
      return [`${RequestMethod[method].toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}').replaceAll('//', '/')}`];
    });
  });
}

describe('the table of calls', () => {
  it('is what control answers, and what ingest does besides', () => {
    const listed = operations
      .filter((operation) => !ingestion.includes(operation))
      .map(({ method, path }) => `${method} ${path}`);
    expect([...listed].sort()).toEqual(routes().sort());
    expect(ingestion.map(({ method, path }) => `${method} ${path}`)).toEqual(['post /events', 'post /events/bulk']);
  });
});
