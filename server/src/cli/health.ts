import type { HealthCause } from '../workspace/file-health.ts';
import { relativePattern } from '../workspace/ignore-files.ts';
import { compareText } from '../workspace/source-listing.ts';
import { checkFiles } from './check-files.ts';
import { type CommandOutput, reportTroubles } from './diagnostics-output.ts';
import type { ExitCode } from './exit-codes.ts';

export interface HealthOptions {
  readonly format: 'text' | 'json';
  readonly workspace?: string;
}

/** How many causes the text names; JSON has them all. */
const MAXIMUM_NAMED_CAUSES = 20;

const words: Readonly<Record<HealthCause['kind'], string>> = {
  'not-understood': 'not understood',
  'not-found': 'a function that is not found',
  'too-complex': 'too complex to be analysed to the end',
  'too-long': 'too long to be parsed',
};

/** `ritual health`: how much of the sources is understood, which no list of findings shows. */
export async function health(
  paths: readonly string[],
  options: HealthOptions,
  output: CommandOutput,
): Promise<ExitCode> {
  const total = { files: 0, functions: 0, functionsWithErrors: 0, functionsIncomplete: 0, bytesBlanked: 0 };
  const causes: HealthCause[] = [];
  const checked = await checkFiles(
    paths,
    { ...options, mayUseThreads: true, withHealthDetails: true, withoutRepairs: true },
    (report) => {
      const { file, health, healthDetails } = report;
      total.files++;
      total.functions += health.functions;
      total.functionsWithErrors += health.functionsWithErrors;
      total.functionsIncomplete += health.functionsIncomplete;
      total.bytesBlanked += healthDetails?.bytesBlanked ?? 0;
      for (const cause of healthDetails?.causes ?? [])
        causes.push({ ...cause, file: relativePattern(process.cwd(), file) });
    },
  );
  causes.sort((a, b) => compareText(a.file, b.file) || a.line - b.line);
  output.stdout(options.format === 'json' ? `${JSON.stringify({ ...total, causes })}\n` : renderText(total, causes));
  return reportTroubles(checked, output);
}

function renderText(
  total: Readonly<
    Record<'files' | 'functions' | 'functionsWithErrors' | 'functionsIncomplete' | 'bytesBlanked', number>
  >,
  causes: readonly HealthCause[],
): string {
  const share = (count: number) => (total.functions > 0 ? ` (${((100 * count) / total.functions).toFixed(2)} %)` : '');
  const lines = [
    `files                    ${total.files}`,
    `functions                ${total.functions}`,
    `  partly not understood  ${total.functionsWithErrors}${share(total.functionsWithErrors)}`,
    `  not analysed to end    ${total.functionsIncomplete}${share(total.functionsIncomplete)}`,
    `bytes blanked            ${total.bytesBlanked}`,
  ];
  for (const { file, line, function: name, kind, text } of causes.slice(0, MAXIMUM_NAMED_CAUSES)) {
    lines.push(`${file}:${line}: ${name}: ${words[kind]}: ${text}`);
  }
  if (causes.length > MAXIMUM_NAMED_CAUSES) lines.push(`and ${causes.length - MAXIMUM_NAMED_CAUSES} more`);
  return `${lines.join('\n')}\n`;
}
