// The loads that the lanes are measured with: 2,000 deliveries a second for a process of 1,024 slots, or both in smaller.
import type { Load } from './simulation.ts';

const perSlot = 2_000 / 1_024;

const amongWorkspaces = (count: number) => (connection: number) => `workspace ${connection % count}`;

export interface Size {
  process: number;
  connections: number;
  /** Of the load that goes to destinations that never answer. */
  deadShare: number;
}

export function deadLoads({ process, connections, deadShare }: Size): { healthy: Load; dead: Load } {
  const workspaceOf = amongWorkspaces(Math.ceil(connections / 10));
  const ofDead = Math.max(1, Math.round(connections * deadShare));
  const perSecond = process * perSlot;
  return {
    healthy: { name: 'healthy', perSecond: perSecond * (1 - deadShare), connections, workspaceOf, medianMs: 60 },
    dead: { name: 'dead', perSecond: perSecond * deadShare, connections: ofDead, workspaceOf, medianMs: 'dead' },
  };
}

/** A thousand connections, and four busy ones whose destinations work, but take ten seconds. */
export function slowLoads(process: number): { healthy: Load; slow: Load } {
  const workspaceOf = amongWorkspaces(100);
  const perSecond = process * perSlot;
  return {
    healthy: { name: 'healthy', perSecond: perSecond * 0.8, connections: 1_000, workspaceOf, medianMs: 60 },
    slow: { name: 'slow', perSecond: perSecond * 0.2, connections: 4, workspaceOf, medianMs: 10_000 },
  };
}

/** A hundred workspaces share the load; one more brings as much as all of them, for destinations that take seconds. */
export function noisyLoads(process: number): { others: Load; noisy: Load } {
  const load = { perSecond: process * perSlot, connections: 1_000 };
  return {
    others: { ...load, name: 'others', workspaceOf: amongWorkspaces(100), medianMs: 60 },
    noisy: { ...load, name: 'noisy', workspaceOf: () => 'noisy', medianMs: 1_000 },
  };
}
