const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs work that must not be ended in the middle of a step. At the first SIGINT or SIGTERM its signal is aborted, and
 * the result is undefined once the work has stopped; a second one ends the process at once.
 */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const controller = new AbortController();
  const stop = () => {
    controller.abort();
    remove();
  };
  const remove = () => {
    for (const signal of signals) process.off(signal, stop);
  };
  for (const signal of signals) process.on(signal, stop);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (controller.signal.aborted) return undefined;
    throw error;
  } finally {
    remove();
  }
}
