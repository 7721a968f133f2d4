import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** In megabytes. */
export interface Memory {
  /** What is reachable in the heap, and outside of it, after garbage collection. */
  readonly heap: number;
  readonly external: number;
  /** As the operating system counts it, with what the allocators keep for later. */
  readonly resident: number;
}

let probes = 0;

/** Asks a process of Node what it holds, after garbage collection. On systems with signals alone. */
export class MemoryProbe {
  readonly #figures = path.join(os.tmpdir(), `ritual-memory-${process.pid}-${++probes}.json`);

  /** Arguments of Node in front of the program. */
  get nodeArguments(): string[] {
    const script = `
import fs from 'node:fs';
process.on('SIGUSR2', () => {
  gc();
  gc();
  fs.writeFileSync(${JSON.stringify(this.#figures)}, JSON.stringify(process.memoryUsage()));
});`;
    return ['--expose-gc', `--import=data:text/javascript,${encodeURIComponent(script)}`];
  }

  async measure(processId: number): Promise<Memory> {
    fs.rmSync(this.#figures, { force: true });
    process.kill(processId, 'SIGUSR2');
    for (;;) {
      await sleep(50);
      try {
        const { heapUsed, external, rss } = JSON.parse(fs.readFileSync(this.#figures, 'utf8'));
        return { heap: heapUsed / 2 ** 20, external: external / 2 ** 20, resident: rss / 2 ** 20 };
      } catch {
        // Not written yet, or not to its end.
      }
    }
  }

  dispose(): void {
    fs.rmSync(this.#figures, { force: true });
  }
}
