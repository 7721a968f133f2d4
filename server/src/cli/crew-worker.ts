import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { withoutRepairs } from '../base/finding.ts';
import { loadWorkspaceConfiguration, openWorkspace } from '../workspace/node-workspace.ts';
import { selectRules } from '../workspace/rule-selection.ts';
import { namedBaseline } from './check-files.ts';
import { type CrewAnswer, type CrewWorkerData, checkInDetail, withoutText } from './crew.ts';
import { ThreadExchange } from './thread-exchange.ts';

/** True when this is a thread that a crew started. */
export function isCrewWorker(): boolean {
  return !isMainThread && (workerData as Partial<CrewWorkerData> | null)?.purpose === 'ritual-check';
}

/** Checks the files that arrive as messages, one after the other, until the thread is ended. */
export function runCrewWorker(): void {
  const { root, rules, baseline, channel, withHealthDetails, withRepairs } = workerData as CrewWorkerData;
  const opened = openWorkspace(root, {
    configuration: selectRules(loadWorkspaceConfiguration(root), rules),
    baseline: namedBaseline(baseline),
    exchange: new ThreadExchange(channel),
  });
  let last: Promise<unknown> = opened;
  parentPort!.on('message', (file: string) => {
    last = last.then(async () => {
      const { project } = await opened;
      const answer: CrewAnswer = await checkInDetail(project, file, withHealthDetails).then(
        (report) => withoutText(withRepairs ? report : { ...report, findings: report.findings.map(withoutRepairs) }),
        () => ({ file }),
      );
      parentPort!.postMessage(answer);
    });
  });
}
