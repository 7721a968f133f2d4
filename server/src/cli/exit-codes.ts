/** What the process tells its caller; a contract with every script that runs it. */
export const exitCodes = {
  clean: 0,
  /** At least one warning or error was found. */
  findings: 1,
  /** Usage, configuration, input or output. */
  usage: 2,
  /** A defect of Ritual itself. */
  internal: 3,
  /** Ended by Ctrl-C while repairing, between two files; 128 and the number of the signal, as shells count. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A mistake of the caller: told on standard error as it is, without a stack. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
