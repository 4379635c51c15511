// Shows a verdict as a table for people. Pure.
import type { Verdict } from './scenario.ts';

export function tableOf(title: string, { criteria, notes }: Verdict): string {
  const rows = criteria.map(({ what, figure, limit, isMet }) => [what, figure, limit, isMet ? 'met' : 'NOT MET']);
  const all = [['criterion', 'figure', 'wanted', ''], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const lines = all.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
  return [title, ...lines, ...notes.map((note) => `  - ${note}`), ''].join('\n');
}
