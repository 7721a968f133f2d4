import { spawn } from 'node:child_process';

export interface CommandResult {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs a command to its end. A command that does not exist fails the test, as a missing tool must. */
export function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; environment?: NodeJS.ProcessEnv; timeout?: number } = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: options.timeout ?? 300_000,
      killSignal: 'SIGKILL',
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
    child.on('error', (error) => reject(new Error(`cannot run ${command}: ${error.message}`)));
    child.on('close', (status) => resolve({ status, output, errors }));
  });
}

/** As `run`, and fails when the command does. */
export async function runSuccessfully(...parameters: Parameters<typeof run>): Promise<string> {
  const { status, output, errors } = await run(...parameters);
  if (status !== 0) throw new Error(`${parameters[0]} ended with ${status}:\n${output}\n${errors}`);
  return output;
}
