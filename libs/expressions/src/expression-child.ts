// The program of an evaluating process: takes batches from its parent, evaluates one expression after the other, answers.
import { evaluateBatch } from './evaluate-batch.ts';
import type { BatchMessage } from './messages.ts';
import { dropPowers } from './powers.ts';
import { sealJsonata } from './sealed.ts';

const send = (message: object): void => void process.send?.(message);
const cpuMicros = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

// The end of the parent is the end of the child, and nothing else is: a signal meant for the parent's process group is not for it.
process.on('disconnect', () => process.exit(0));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
// What an expression leaves behind must not end the evaluations of others.
process.on('unhandledRejection', () => undefined);

await sealJsonata();
dropPowers();
process.on('message', (batch: BatchMessage) => {
  void evaluateBatch(batch, cpuMicros).then((answers) => send({ answers, cpuMicros: cpuMicros() }));
});
send({ answers: [], cpuMicros: cpuMicros() });
