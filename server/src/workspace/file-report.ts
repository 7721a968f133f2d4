import type { Finding } from '../base/finding.ts';
import { isOfOtherLibrary } from '../models/registry.ts';
import { NOTHING_FREES } from '../rules/memory-leak/forgotten.ts';
import type { TopLevelItem } from '../syntax/translation-unit.ts';
import type { AnalysedFile } from './analysed-file.ts';
import { applyBaseline, type FileBaseline } from './baseline.ts';
import type { Configuration } from './configuration.ts';
import { lostFunctions } from './file-health.ts';
import { type FunctionSpan, silence } from './silence.ts';

/** How much of a file was understood. */
export interface FileHealth {
  /** Functions defined in the file. */
  readonly functions: number;
  /** Those among them with a region that could not be understood, and those that were not found at all. */
  readonly functionsWithErrors: number;
  /** Those whose analysis met a budget: what was given up is never called clean. */
  readonly functionsIncomplete: number;
}

/** How many findings of a file are not shown. */
interface SilencedFindings {
  /** By comments in the file. */
  readonly suppressed: number;
  /** By the baseline. */
  readonly baselined: number;
  /** Entries of the baseline that stand for nothing any more. */
  readonly gone: number;
}

/** All that is known about one file's text. */
export interface FileReport {
  readonly file: string;
  /** The text that every offset in `findings` refers to. */
  readonly text: string;
  /** Ordered by position; suppressed and switched-off findings left out, severities configured. */
  readonly findings: readonly Finding[];
  readonly silenced: SilencedFindings;
  readonly health: FileHealth;
}

/** What the check of one function came to. */
export interface FunctionResult {
  readonly isUnderstood: boolean;
  readonly isAnalysed: boolean;
  readonly isIncomplete: boolean;
  readonly findings: readonly Finding[];
}

/** What a report depends on beside the file. */
interface ReportSettings {
  readonly configuration: Configuration;
  /** What the project has accepted in the file. */
  readonly baseline: FileBaseline | undefined;
  /** The index holds the whole workspace. */
  readonly seesAll: boolean;
  /** More files are to come. */
  readonly isBeingRead: boolean;
}

/** What is found in the functions of a file, in the order of the text; suppressions and the baseline come last. */
export function reportOn(
  analysed: AnalysedFile,
  functions: readonly TopLevelItem[],
  results: ReadonlyMap<TopLevelItem, FunctionResult>,
  { configuration, baseline, seesAll, isBeingRead }: ReportSettings,
): FileReport {
  const { file, text } = analysed;
  const found = functions.flatMap((item) => results.get(item)?.findings ?? []);
  const told = isBeingRead ? found.filter((finding) => !restsOnOtherLibraries(finding)) : found;
  const findings = isBeingRead || !seesAll ? told.filter(({ message }) => !message.endsWith(NOTHING_FREES)) : told;
  const spans: FunctionSpan[] = functions.map((item) => {
    const { name, start, end } = item;
    return { name, start, end, isAnalysed: results.get(item)?.isAnalysed === true };
  });
  findings.sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end || (a.rule < b.rule ? -1 : 1));
  const { kept, suppressed } = silence(analysed, findings, spans, configuration, seesAll);
  const fresh = baseline ? applyBaseline(text, kept, baseline) : { kept, known: 0, gone: 0 };
  const silenced = { suppressed, baselined: fresh.known, gone: fresh.gone };
  const all = [...results.values()];
  const lost = lostFunctions(analysed.unit, analysed.facts).length;
  const health = {
    functions: functions.length + lost,
    functionsWithErrors: all.filter(({ isUnderstood }) => !isUnderstood).length + lost,
    functionsIncomplete: all.filter(({ isIncomplete }) => isIncomplete).length,
  };
  return { file, text, findings: fresh.kept, silenced, health };
}

/** True where a function of another library than C's is on the path: the sentences name what they rest on, also behind macros. */
function restsOnOtherLibraries({ message, steps }: Finding): boolean {
  const sentences = [message, ...steps.map((step) => step.message)];
  return sentences.some((sentence) => [...sentence.matchAll(/(\w+)\(\)/g)].some(([, name]) => isOfOtherLibrary(name)));
}
