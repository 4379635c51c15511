// After all stories: stops the stack. Logs and data stay in .sluice/e2e for whoever looks into a failure.
import type { Stack } from '@sluice/tools/local/stack.ts';
import type { SpanCollector } from './span-collector.ts';

export default async function stackDown(): Promise<void> {
  const { sluiceStack, sluiceCollector } = globalThis as { sluiceStack?: Stack; sluiceCollector?: SpanCollector };
  await sluiceStack?.stop();
  await sluiceCollector?.stop();
}
