import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import { Worker } from 'node:worker_threads';
import type { FileReport } from '../workspace/file-report.ts';
import type { HealthDetails, Project } from '../workspace/project.ts';
import type { RuleSelection } from '../workspace/rule-selection.ts';
import { ThreadExchange } from './thread-exchange.ts';

/** More threads than this gain little: all of them index the whole workspace. */
const MAXIMUM_DEFAULT_JOBS = 4;
/**
 * V8 compiles and collects garbage in threads of its own, and two logical processors are as a rule one core: with a thread for
 * each of them a run takes longer than with one for two.
 */
const PROCESSORS_PER_JOB = 2;
/** Fewer bytes than this for each thread are checked sooner than a thread starts. */
const MINIMUM_TEXT_PER_JOB = 400_000;
/** Files that a thread has at hand, so that it need not wait for this one between two. */
const FILES_AHEAD = 2;

/** What a thread is started with. */
export interface CrewWorkerData {
  readonly purpose: 'ritual-check';
  readonly channel: string;
  readonly root: string;
  readonly rules: RuleSelection;
  /** Path of the accepted findings, used instead of the one that the configuration names; `false` for none. */
  readonly baseline: string | false | undefined;
  /** Answers hold what is behind the numbers of a file's health. */
  readonly withHealthDetails: boolean;
  /** The findings of an answer hold their repairs, which are made for it. */
  readonly withRepairs: boolean;
}

/** A report as the check of a file gives it, with the details of its health where somebody wants them. */
export interface DetailedReport extends FileReport {
  readonly healthDetails?: HealthDetails;
}

export async function checkInDetail(
  project: Project,
  file: string,
  withHealthDetails: boolean,
  signal?: AbortSignal,
): Promise<DetailedReport> {
  const report = await project.check(file, signal);
  return withHealthDetails ? { ...report, healthDetails: project.healthDetails(file) } : report;
}

/** A report on its way between threads. The text stays behind: whoever asked reads the file, too. */
export interface TextlessReport {
  readonly file: string;
  readonly textLength: number;
  readonly report: Omit<DetailedReport, 'text'>;
}

/** What a thread answers: no report when the check failed, for then whoever asked has to find out why. */
export type CrewAnswer = TextlessReport | { readonly file: string; readonly report?: undefined };

let workerFile: string | undefined;

/** Allows threads; without this everything runs in one. `file` is a script that is a worker when it is run as one. */
export function allowThreads(file: string): void {
  workerFile = file;
}

/** How many threads to use for files, this one included. */
export function jobsFor(files: readonly string[], asked: number | undefined): number {
  if (workerFile === undefined || files.length < 2) return 1;
  if (asked !== undefined) return Math.max(1, Math.min(asked, files.length));
  const useful = Math.floor(files.reduce((sum, file) => sum + sizeOf(file), 0) / MINIMUM_TEXT_PER_JOB);
  const possible = Math.floor(os.availableParallelism() / PROCESSORS_PER_JOB);
  return Math.max(1, Math.min(possible, MAXIMUM_DEFAULT_JOBS, useful));
}

function sizeOf(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** A report as it goes between threads. */
export function withoutText({ text, ...report }: DetailedReport): TextlessReport {
  return { file: report.file, textLength: text.length, report };
}

/**
 * Threads that check the files of one workspace together. They tell one another what they found out about functions, so
 * that a callee of many is analysed once, unless two of them need it at the same time.
 */
export class Crew {
  readonly exchange: ThreadExchange;
  readonly #workers: Worker[];
  readonly #active = new Set<Worker | Crew>();

  /** Starts all threads but this one. */
  constructor(jobs: number, data: Omit<CrewWorkerData, 'purpose' | 'channel'>) {
    const channel = `ritual-${randomUUID()}`;
    this.exchange = new ThreadExchange(channel);
    const workerData: CrewWorkerData = { ...data, purpose: 'ritual-check', channel };
    this.#workers = Array.from({ length: jobs - 1 }, () => new Worker(workerFile!, { workerData, argv: [] }));
  }

  /**
   * Checks files, this thread among the others with `checkHere`. There is no report of a file whose check fails, nor of
   * one that a thread had at hand when it died.
   */
  async check(
    files: readonly string[],
    checkHere: (file: string) => Promise<DetailedReport>,
  ): Promise<Map<string, TextlessReport>> {
    const sizes = new Map(files.map((file) => [file, sizeOf(file)]));
    // The largest first, so that no thread begins one when the others are done.
    const queue = [...files].sort((a, b) => sizes.get(b)! - sizes.get(a)! || (a < b ? -1 : 1));
    const reports = new Map<string, TextlessReport>();
    const done = this.#workers.map((worker) => employ(worker, queue, reports, () => this.#active.add(worker)));
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      try {
        reports.set(file, withoutText(await checkHere(file)));
        this.#active.add(this);
      } catch {
        // It is checked once more by whoever tells of the error.
      }
    }
    await Promise.all(done);
    return reports;
  }

  /** How many threads, this one included, have checked something. */
  get active(): number {
    return this.#active.size;
  }

  close(): void {
    this.exchange.close();
    for (const worker of this.#workers) void worker.terminate();
  }
}

/** Hands files to a thread until there are no more, or it dies. */
function employ(
  worker: Worker,
  queue: string[],
  reports: Map<string, TextlessReport>,
  onReport: () => void,
): Promise<void> {
  return new Promise((resolve) => {
    let atHand = 0;
    const feed = (): void => {
      while (atHand < FILES_AHEAD && queue.length > 0) {
        atHand++;
        worker.postMessage(queue.shift());
      }
      if (atHand === 0) resolve();
    };
    worker.on('message', (answer: CrewAnswer) => {
      atHand--;
      if (answer.report) {
        reports.set(answer.file, answer);
        onReport();
      }
      feed();
    });
    worker.on('error', () => resolve());
    worker.on('exit', () => resolve());
    feed();
  });
}
