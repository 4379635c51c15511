// Checks mappings before they are stored, and runs them on events for dry runs and previews: what the router does, without a delivery.
import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { ApiError, type FieldProblem } from '@sluice/api';
import type { ExpressionRunner } from '@sluice/expressions';
import { checkMapping, compileMapping, type MapInput } from '@sluice/mapping';
import { EXPRESSIONS } from './tokens.ts';

export type MappingSchema = Record<string, unknown>;

/** What a mapping makes of an event, or where and why it fails. */
export type Mapped = { payload: unknown; warnings: FieldProblem[] } | { error: { field: string; message: string } };

const sha256 = (text: string): string => hash('sha256', text);

@Injectable()
export class Mapper {
  private readonly expressions: ExpressionRunner;

  constructor(@Inject(EXPRESSIONS) expressions: ExpressionRunner) {
    this.expressions = expressions;
  }

  /** Throws ApiError (422) naming every place that is not sound. `param` is what the schema is called in the request. */
  async mustBeSound(schema: MappingSchema, param: string): Promise<void> {
    const problems = await this.problems(schema, param);
    if (problems.length > 0) throw new ApiError('mapping_invalid', { data: problems });
  }

  /** @param key names the mapping, for whoever keeps account of expressions that misbehave */
  async run(schema: MappingSchema | null, input: MapInput, key: string): Promise<Mapped> {
    if (schema === null) return { payload: input.payload, warnings: [] };
    const mapping = compileMapping(schema, { sha256 });
    if (mapping.kind === 'directives') {
      const result = mapping.run(input);
      if (!result.ok) return { error: { field: result.field, message: result.message } };
      return {
        payload: result.value,
        warnings: result.warnings.map(({ field, message }) => ({ param: field, msg: message })),
      };
    }
    const { workspace } = input.event;
    const result = await this.expressions.run({ key, workspace, expression: mapping.expression, input });
    if (result.ok) return { payload: result.value, warnings: [] };
    return { error: { field: 'jsonata', message: `${result.message} (${result.code})` } };
  }

  private async problems(schema: MappingSchema, param: string): Promise<FieldProblem[]> {
    const found = checkMapping(schema);
    const { jsonata } = schema;
    if (found.length === 0 && typeof jsonata === 'string') {
      const inExpression = await this.expressions.check(jsonata);
      found.push(
        ...inExpression.map(({ param: at, msg }) => ({
          param: at === '' ? 'schema.jsonata' : `schema.jsonata ${at}`,
          msg,
        })),
      );
    }
    return found.map((problem) => ({ ...problem, param: problem.param.replace(/^schema/, param) }));
  }
}
