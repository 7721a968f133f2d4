import { checkFiles } from './check-files.ts';
import { type CommandOutput, reportTroubles } from './diagnostics-output.ts';
import type { ExitCode } from './exit-codes.ts';

export interface HealthOptions {
  readonly format: 'text' | 'json';
  readonly workspace?: string;
}

/** `ritual health`: how much of the sources is understood, which no list of findings shows. */
export async function health(
  paths: readonly string[],
  options: HealthOptions,
  output: CommandOutput,
): Promise<ExitCode> {
  const total = { files: 0, functions: 0, functionsWithErrors: 0, functionsIncomplete: 0 };
  const checked = await checkFiles(paths, options, ({ health }) => {
    total.files++;
    total.functions += health.functions;
    total.functionsWithErrors += health.functionsWithErrors;
    total.functionsIncomplete += health.functionsIncomplete;
  });
  const share = (count: number) => (total.functions > 0 ? ` (${((100 * count) / total.functions).toFixed(2)} %)` : '');
  output.stdout(
    options.format === 'json'
      ? `${JSON.stringify(total)}\n`
      : [
          `files                    ${total.files}`,
          `functions                ${total.functions}`,
          `  partly not understood  ${total.functionsWithErrors}${share(total.functionsWithErrors)}`,
          `  not analysed to end    ${total.functionsIncomplete}${share(total.functionsIncomplete)}`,
          '',
        ].join('\n'),
  );
  return reportTroubles(checked, output);
}
