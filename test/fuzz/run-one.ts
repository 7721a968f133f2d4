import type { Grammar } from '../../server/src/syntax/grammar.ts';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { INTERNAL_ERROR } from '../../server/src/workspace/findings.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { mutated, randomNumbers } from './mutations.ts';

/** Time of the processor that one run may take, in milliseconds: a hundred times what it needs. */
export const BUDGET = 5_000;

/** The text of a run. */
export function textOfRun(seeds: readonly string[], run: number): string {
  return mutated(seeds, randomNumbers(run));
}

/** Checks the text of a run. Throws where that fails, takes too long, or tells nonsense. */
export async function checkRun(grammar: Grammar, text: string): Promise<void> {
  const file = '/w/a.c';
  const configuration = { ...defaultConfiguration, rules: { 'heap-fragmentation': { severity: 'warning' as const } } };
  const project = new Project({ grammar, configuration, readText: (path) => (path === file ? text : undefined) });
  const before = process.cpuUsage();
  project.indexFile(file, text);
  const { findings, health } = await project.check(file);
  const { bytesBlanked, causes } = project.healthDetails(file);
  const used = process.cpuUsage(before);
  const isInText = ({ start, end }: { start: number; end: number }): boolean =>
    start >= 0 && start <= end && end <= text.length;
  for (const { rule, range, steps, fixes, refusal } of findings) {
    if (refusal?.startsWith(INTERNAL_ERROR)) throw new Error(`${rule}: ${refusal}`);
    const edits = fixes.flatMap((fix) => fix.edits);
    if (![range, ...edits.map((edit) => edit.range)].every(isInText)) throw new Error(`${rule} outside of the text`);
    if (!steps.every((step) => step.file !== file || isInText(step.range))) throw new Error(`${rule}: a step outside`);
  }
  if (health.functionsWithErrors > health.functions) throw new Error('more functions with errors than functions');
  if (bytesBlanked < 0 || causes.some(({ line }) => line < 1)) throw new Error('impossible health');
  if ((used.user + used.system) / 1000 > BUDGET) throw new Error(`took ${(used.user + used.system) / 1000} ms`);
}
