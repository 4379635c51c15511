// The calls that try a rule on an event without sending anything: a stored one, and one that is not stored yet.
import { Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import {
  newRuleTestInput,
  notFound,
  ruleTestInput,
  type MachineCaller,
  type NewRuleTestInput,
  type RuleTestAnswer,
  type RuleTestInput,
} from '@sluice/api';
import { JsonBody } from '@sluice/service';
import { CallerOf } from './caller.ts';
import { RuleTrial } from './rule-trial.ts';
import { Rules } from './rules.ts';
import { Visible } from './visible.ts';

@Controller('api/v1/rules')
export class RuleTrialController {
  private readonly visible: Visible;
  private readonly rules: Rules;
  private readonly trial: RuleTrial;

  constructor(@Inject(Visible) visible: Visible, @Inject(Rules) rules: Rules, @Inject(RuleTrial) trial: RuleTrial) {
    this.visible = visible;
    this.rules = rules;
    this.trial = trial;
  }

  @Post('test')
  @HttpCode(200)
  async tryNew(
    @CallerOf() caller: MachineCaller,
    @JsonBody(newRuleTestInput) input: NewRuleTestInput,
  ): Promise<RuleTestAnswer> {
    const workspace = await this.visible.workspace(caller, input.workspace, 'workspace');
    const connection = await this.visible.connection(caller, input.rule.connection, 'rule.connection');
    if (connection.workspace_id !== workspace.id) throw notFound('rule.connection', 'connection in this workspace');
    return this.trial.run(await this.rules.draft(connection, input.rule), connection, input.event);
  }

  @Post(':id/test')
  @HttpCode(200)
  async tryStored(
    @CallerOf() caller: MachineCaller,
    @Param('id') id: string,
    @JsonBody(ruleTestInput) input: RuleTestInput,
  ): Promise<RuleTestAnswer> {
    const rule = await this.visible.rule(caller, id);
    const connection = await this.visible.connection(caller, rule.connection_id);
    return this.trial.run(rule, connection, input.event);
  }
}
