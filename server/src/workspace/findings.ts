import type { FunctionAnalysis } from '../analysis/analyse-function.ts';
import type { CalleeStep } from '../analysis/state.ts';
import type { Finding, Fix } from '../base/finding.ts';
import { LineIndex } from '../base/line-index.ts';
import { repairAmongErrors } from '../rules/fixes/among-errors.ts';
import { type Repair, type RuleContext, refuse, severityFor } from '../rules/rule.ts';
import { rules } from '../rules/rules.ts';
import type { SyntaxArrays } from '../syntax/syntax-arrays.ts';
import type { TopLevelItem, TranslationUnit } from '../syntax/translation-unit.ts';
import { type AnalysedFile, functionItem } from './analysed-file.ts';
import type { Configuration } from './configuration.ts';
import { destructorOf, freesArgument, returnTypeOf } from './destructors.ts';
import type { Program } from './program.ts';
import { leavesCallersClean } from './rehearsed-callers.ts';
import { heldRepair, isCleanAfter, type Rehearsal } from './rehearsed-repairs.ts';

/** Callers further than these are not asked: each costs an analysis. */
const MAXIMUM_CALLERS = 24;
/** Functions further away than these tell nothing about the style of one that has a finding. */
const MAXIMUM_NEIGHBOURS = 60;

/** What the refusal of a repair begins with that a defect of ours prevents. */
export const INTERNAL_ERROR = 'internal error';

/** What the rules say of one function, with the configured severities; switched-off rules left out. */
export function findingsOf(
  program: Program,
  configuration: Configuration,
  analysed: AnalysedFile,
  item: TopLevelItem,
  analysis: FunctionAnalysis,
  lines: () => LineIndex,
): Finding[] {
  if (analysis.flaws.length === 0 || analysis.ir.isPartial) return [];
  const findings: Finding[] = [];
  // Repairs are asked for later, when the file may have moved on: they belong to this text.
  const checked = { ...analysed };
  const { text, unit } = checked;
  let neighbours: readonly SyntaxArrays[] | undefined;
  const rehearse = (fix: Fix, finding: Omit<Finding, 'fixes' | 'refusal'>): Rehearsal => {
    const imagined = program.imagine(checked, item, fix.edits);
    if (!imagined || (imagined.analysis.isIncomplete && !analysis.isIncomplete)) return 'fails';
    const imaginedLines = new LineIndex(imagined.analysed.text);
    const told = (file: AnalysedFile, found: TopLevelItem, known: FunctionAnalysis): Finding[] =>
      findingsOf(program, configuration, file, found, known, file === checked ? lines : () => imaginedLines);
    const after = told(imagined.analysed, imagined.item, imagined.analysis);
    if (!isCleanAfter(fix, finding, findings, after)) return 'fails';
    return leavesCallersClean(program, checked, analysis, imagined, fix, told) ? 'holds' : 'fails in a caller';
  };
  for (const rule of rules) {
    const { metadata } = rule;
    const configured = configuration.rules[metadata.id];
    const base = configured?.severity ?? metadata.defaultSeverity;
    if (base === 'off') continue;
    const options: Record<string, boolean> = {};
    for (const [name, option] of Object.entries(metadata.options)) {
      options[name] = configured?.options?.[name] ?? option.default;
    }
    const context: RuleContext = {
      file: analysed.file,
      text,
      base: item.start,
      syntax: item.arrays,
      neighbours: () => {
        neighbours ??= neighboursOf(unit, item);
        return neighbours;
      },
      analysis,
      options,
      locate: (step) => locate(program, step),
      lineOf: (offset) => lines().positionAt(offset).line + 1,
      program: {
        callers: () => callersOf(program, analysed, analysis, (other, found) => program.analyse(other, found)),
        callingFunctions: () => callersOf(program, analysed, analysis, (other, found) => program.lowered(other, found)),
        isFieldUsedElsewhere: (field) => isFieldUsedElsewhere(program, analysed, item, field),
        deallocator: (family) => program.models.plainDeallocator(family),
        familyOf: (allocator) => {
          const model = program.models.modelOf(allocator);
          return (model?.allocates ?? model?.reallocates?.allocation)?.family;
        },
        returnType: (name) => returnTypeOf(program, name, analysed.file),
        frees: (name) => freesArgument(program, name, analysed.file),
        destructor: (type, allocator) => destructorOf(program, analysed.file, type, allocator),
        releasePoints: () => program.releasePoints(analysed, item),
        memberTraits: (name) => program.index.declarations.memberTraits(name, analysed.file),
      },
    };
    for (const raw of rule.check(context)) {
      const finding = {
        rule: metadata.id,
        message: raw.message,
        file: analysed.file,
        range: raw.range,
        functionName: analysis.ir.name,
        steps: raw.steps,
        confidence: raw.confidence,
        severity: configured?.severity
          ? severityFor(base, raw.confidence)
          : (raw.severity ?? severityFor(base, raw.confidence)),
        cwe: metadata.cwe,
      };
      const plain = raw.repair;
      const isAmongErrors = analysis.ir.isExpanded && item.hasError;
      const repair = plain && isAmongErrors ? () => repairAmongErrors(context, plain()) : plain;
      if (!repair) findings.push({ ...finding, fixes: [] });
      else
        findings.push(
          repairable(finding, () => heldRepair(repair(), item.end - item.start, (fix) => rehearse(fix, finding))),
        );
    }
  }
  return findings;
}

/** A finding whose repairs are made when somebody looks at them: most are shown many times before one is repaired. */
function repairable(finding: Omit<Finding, 'fixes' | 'refusal'>, repair: () => Repair): Finding {
  let made: Repair | undefined;
  const getRepair = (): Repair => {
    made ??= repairOrRefusal(repair);
    return made;
  };
  return {
    ...finding,
    get fixes() {
      return getRepair().fixes;
    },
    get refusal() {
      return getRepair().refusal;
    },
  };
}

/** What goes wrong in making a repair costs the repair, and not the findings that are being shown. */
function repairOrRefusal(repair: () => Repair): Repair {
  try {
    return repair();
  } catch (error) {
    return refuse(`${INTERNAL_ERROR}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The syntax of a file's other functions, the nearest first. */
function neighboursOf(unit: TranslationUnit, item: TopLevelItem): SyntaxArrays[] {
  return unit.items
    .filter((other) => other !== item && other.kind === 'function' && !other.hasError)
    .sort((a, b) => Math.abs(a.start - item.start) - Math.abs(b.start - item.start))
    .slice(0, MAXIMUM_NEIGHBOURS)
    .map((other) => other.arrays);
}

function locate(
  program: Program,
  step: CalleeStep,
): { file: string; range: { start: number; end: number } } | undefined {
  const analysed = program.analysed(step.file);
  const named = analysed?.unit.functionsNamed(step.functionName) ?? [];
  // Of several definitions for several builds the one is meant in which the call stands.
  const { start, end } = step.origin;
  const item = named.find(({ arrays }) => arrays.text.slice(start, end).includes(step.callee)) ?? named.at(0);
  if (!item) return undefined;
  return { file: step.file, range: { start: item.start + step.origin.start, end: item.start + step.origin.end } };
}

/** What is known of the functions that call this one: of a static one those of its file, else those of the workspace. */
function callersOf<T>(
  program: Program,
  analysed: AnalysedFile,
  analysis: FunctionAnalysis,
  known: (file: AnalysedFile, item: TopLevelItem) => T | undefined,
): T[] {
  const { name, isStatic } = analysis.ir;
  const callers: T[] = [];
  const files = isStatic ? [analysed.file] : program.index.callerFiles(name);
  for (const file of files) {
    const facts = program.index.facts(file);
    for (const fact of facts?.functions ?? []) {
      if (fact.name === name || !fact.calls.includes(name)) continue;
      if (callers.length >= MAXIMUM_CALLERS) return callers;
      const other = program.analysed(file);
      const item = other && functionItem(other, fact.name);
      const found = item && known(other, item);
      if (found) callers.push(found);
    }
  }
  return callers;
}

/** Another file, or another function of this one, reads or writes the member. */
function isFieldUsedElsewhere(program: Program, analysed: AnalysedFile, item: TopLevelItem, field: string): boolean {
  if (program.index.filesWithField(field).some((file) => file !== analysed.file)) return true;
  const mention = new RegExp(`(\\.|->)\\s*${field}\\b`);
  return analysed.unit.items.some(
    (other) => other !== item && other.kind === 'function' && mention.test(analysed.text.slice(other.start, other.end)),
  );
}
