// Every bound of the expert tier in one place: on an expression, on what goes in and out, on the processes and their queue.

/** What holds for every expression, wherever it runs: a change may break mappings that are saved. */
export const expressionLimits = {
  /** Characters, the `{%` and `%}` among them. */
  length: 8_192,
  /** Objects of the syntax tree. */
  parts: 12_000,
  /** What a process keeps compiled. An expression weighs about 15 kB and each of its parts 90 bytes: together 17 MB. */
  keptExpressions: 500,
  keptParts: 100_000,
  padWidth: 1_000,
  /** UTF-8 bytes of the payload and the event around it: an event's own limit and an envelope. */
  inputBytes: 260 * 1024,
  outputBytes: 256 * 1024,
  outputDepth: 64,
  /** Steps of evaluation: about 0.2 s of CPU, the same on every machine. */
  steps: 250_000,
  /** Evaluations inside one another. JSONata evaluates the members of an array side by side, and they count together. */
  depth: 5_000,
  /** Items of an array that JSONata makes. */
  sequence: 10_000,
  messageLength: 500,
} as const;

/** What an installation may set; see `defaultRunnerLimits`. */
export interface RunnerLimits {
  /** CPU time that one evaluation may take before its process is killed. Wall time where the system does not tell. */
  cpuMs: number;
  /** Wall time after which a process that does not answer is killed although it has not used its CPU time. */
  silentMs: number;
  /** Wall time for a process to start. */
  startMs: number;
  /** How long work that is there may go on when the runner closes. */
  closingMs: number;
  /** Old space of a process; an evaluation that needs more ends its process. */
  heapMb: number;
  /** Resident memory at which a process is killed: strings and serialisation live outside the old space. */
  residentMb: number;
  /** Evaluations and input bytes in one message to a process. */
  batch: number;
  batchBytes: number;
  /** CPU time after which a process hands the rest of its batch back, so that a slow evaluation delays no batch behind it. */
  sliceMs: number;
  /** Evaluations that wait: in all, of one workspace, and their input bytes likewise. */
  queued: number;
  queuedOfWorkspace: number;
  queuedBytes: number;
  queuedBytesOfWorkspace: number;
  /** Kills after which a key is quarantined, for how long at first and at most, and when kills are forgotten. */
  kills: number;
  quarantineMs: number;
  quarantineCapMs: number;
  forgetMs: number;
}

export const defaultRunnerLimits: RunnerLimits = {
  cpuMs: 1_000,
  silentMs: 10_000,
  startMs: 10_000,
  closingMs: 2_000,
  heapMb: 64,
  residentMb: 512,
  batch: 64,
  batchBytes: 1024 * 1024,
  sliceMs: 20,
  queued: 20_000,
  queuedOfWorkspace: 2_000,
  queuedBytes: 64 * 1024 * 1024,
  queuedBytesOfWorkspace: 16 * 1024 * 1024,
  kills: 3,
  quarantineMs: 10 * 60_000,
  quarantineCapMs: 24 * 3_600_000,
  forgetMs: 3_600_000,
};
