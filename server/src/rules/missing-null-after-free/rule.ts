import type { FunctionAnalysis } from '../../analysis/analyse-function.ts';
import type { Flaw } from '../../analysis/flaws.ts';
import { placeText } from '../place-text.ts';
import { freeSteps, type RawFinding, type Rule, type RuleContext, refuse, step } from '../rule.ts';
import { missingNullAfterFreeFixes } from './fix.ts';
import { metadata } from './metadata.ts';

type StaleAtExit = Extract<Flaw, { kind: 'stale-at-exit' }>;
type StaleTest = Extract<Flaw, { kind: 'stale-test' }>;

/** Functions whose name says that they end an object's life: their caller lets the object go. */
const DESTRUCTOR =
  /(^|_)(free|destroy|delete|del|dispose|release|cleanup|clean|clear|fini|finish|finalize|deinit|exit|term|terminate|close|shutdown|unref|dtor|destruct|destructor|teardown|uninit|stop|done|end|kill|dealloc|drop|purge|remove|reset)(_|\d|$)|(Free|Destroy|Delete|Dispose|Release|Cleanup|Clear|Fini|Close|Finalize|Deinit|Shutdown)/;

/**
 * A freed pointer that outlives the free. Warned of where a function fails and leaves one behind in something that lives
 * on; information where the place is used elsewhere; silent where every caller in view lets the holder die.
 */
export const missingNullAfterFree: Rule = {
  metadata,
  check(context) {
    const byFree = new Map<number, StaleAtExit>();
    for (const flaw of context.analysis.flaws) {
      // What a callee left behind is the callee's finding, but for what this function itself has given out.
      if (flaw.kind !== 'stale-at-exit' || (flaw.isByCallee && !flaw.isResult)) continue;
      const known = byFree.get(flaw.free.origin.start);
      if (!known || (flaw.isErrorExit && !known.isErrorExit)) byFree.set(flaw.free.origin.start, flaw);
    }
    const findings: RawFinding[] = [];
    for (const flaw of byFree.values()) {
      const finding = describe(context, flaw);
      if (finding) findings.push(finding);
    }
    const tests = new Map<number, StaleTest>();
    for (const flaw of context.analysis.flaws) {
      if (flaw.kind === 'stale-test' && !flaw.isByCallee && !tests.has(flaw.free.origin.start)) {
        tests.set(flaw.free.origin.start, flaw);
      }
    }
    for (const [start, flaw] of tests) if (!byFree.has(start)) findings.push(describeTest(context, flaw));
    return findings;
  },
};

function describe(context: RuleContext, flaw: StaleAtExit): RawFinding | undefined {
  const { ir } = context.analysis;
  const place = placeText(context.analysis.ir, flaw.place);
  const callers = context.program.callers();
  if (!context.options.always) {
    if (DESTRUCTOR.test(ir.name) && (callers.length === 0 || !flaw.isErrorExit)) return undefined;
    const isGlobal = flaw.place[0].startsWith('g:');
    if (!isGlobal && callers.length > 0 && callers.every((caller) => letsGo(caller, context, flaw))) return undefined;
  }
  const field = lastField(flaw.place);
  const isUsedElsewhere = field !== undefined && context.program.isFieldUsedElsewhere(field);
  // A global that the program frees at its leisure is the program's habit; one that a failure leaves behind is not.
  const isHabit = !isUsedElsewhere || flaw.place[0].startsWith('g:');
  if (!flaw.isErrorExit && !flaw.isResult && isHabit && !context.options.always) return undefined;
  const isRefillMissed = flaw.isRefilledElsewhere && isUsedElsewhere;
  const severity = flaw.isErrorExit || flaw.isResult || isRefillMissed ? 'warning' : 'information';
  const message = flaw.isErrorExit
    ? `'${place}' is freed, but still points there when ${ir.name}() fails: set it to NULL, or its owner frees or uses it again.`
    : isRefillMissed
      ? `'${place}' is freed, but keeps pointing there where it gets no new value, and other functions use it: set it to NULL.`
      : `'${place}' is freed, but keeps pointing there${isUsedElsewhere ? ', and other functions use it' : ` when ${ir.name}() returns`}: set it to NULL.`;
  return {
    message,
    range: { start: context.base + flaw.free.origin.start, end: context.base + flaw.free.origin.end },
    steps: [
      ...freeSteps(context, flaw.free, `'${place}' is freed here`),
      step(
        context,
        'returned',
        flaw.exit.origin,
        flaw.isErrorExit
          ? `${ir.name}() fails here, and '${place}' dangles`
          : `${ir.name}() returns here, and '${place}' dangles`,
      ),
    ],
    confidence: 'certain',
    severity,
    repair: () => missingNullAfterFreeFixes(context, flaw.free, place),
  };
}

/** True when a caller never returns with the pointer that this function left behind still in place. */
function letsGo(caller: FunctionAnalysis, context: RuleContext, flaw: StaleAtExit): boolean {
  const { name } = context.analysis.ir;
  return !caller.flaws.some(
    (other) =>
      other.kind === 'stale-at-exit' &&
      other.free.inner.some((inner) => inner.functionName === name && inner.origin.start === flaw.free.origin.start),
  );
}

function describeTest(context: RuleContext, flaw: StaleTest): RawFinding {
  const variable = flaw.variable === undefined ? undefined : context.analysis.ir.variables[flaw.variable].name;
  const name = variable === undefined ? 'the freed pointer' : `'${variable}'`;
  const line = context.lineOf(context.base + flaw.test.start);
  return {
    message: `${name} is freed here and tested on line ${line}: without '= NULL' the test says nothing about the memory.`,
    range: { start: context.base + flaw.free.origin.start, end: context.base + flaw.free.origin.end },
    steps: [
      step(context, 'freed', flaw.free.origin, `${name} is freed here`),
      step(context, 'used', flaw.test, `its stale value is tested here`),
    ],
    confidence: 'certain',
    severity: 'warning',
    repair: () =>
      variable === undefined
        ? refuse('no variable holds the pointer')
        : missingNullAfterFreeFixes(context, flaw.free, variable),
  };
}

function lastField(place: readonly string[]): string | undefined {
  return place.findLast((step) => step.startsWith('.'))?.slice(1);
}
