// The expert tier of mapping: JSONata expressions of untrusted workspaces, evaluated in processes that can be killed.
export {
  ExpressionRunner,
  type ExpressionInput,
  type ExpressionRequest,
  type RunnerOptions,
  type RunnerStats,
} from './expression-runner.ts';
export { expressionLimits, type RunnerLimits } from './limits.ts';
export type { ExpressionResult } from './results.ts';
