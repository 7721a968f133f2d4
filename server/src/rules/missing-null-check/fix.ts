import type { Flaw } from '../../analysis/flaws.ts';
import type { Holdings } from '../../analysis/holdings.ts';
import type { Fix } from '../../base/finding.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, childrenOf, NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import { expectsNull } from '../fixes/callers.ts';
import { bare, FunctionText, isInList, isPure, statementOf } from '../fixes/function-text.ts';
import { conditional, failureBranch, nullTest } from '../fixes/null-check.ts';
import { alternativeChecks, type Spot } from '../fixes/other-checks.ts';
import { placePattern } from '../fixes/place-pattern.ts';
import { below, insertAfter } from '../fixes/statement-edits.ts';
import { deeper, type Style, styleOf } from '../fixes/style.ts';
import { type Repair, type RuleContext, refuse } from '../rule.ts';

type UncheckedDereference = Extract<Flaw, { kind: 'unchecked-dereference' }>;

/** Allocators that tell by their result whether memory came: the comparison that holds when it did not. */
const FAILURE_TESTS: ReadonlyMap<string, string> = new Map([
  ['posix_memalign', '!= 0'],
  ['asprintf', '< 0'],
  ['vasprintf', '< 0'],
  ['getline', '< 0'],
  ['getdelim', '< 0'],
]);

/** An allocation whose result a statement puts into a place with a name. */
interface NamedAllocation {
  readonly statement: NodeIndex;
  readonly place: string;
}

/** The check behind the statement that holds the allocation; where that is not known to do, others that may. */
export function missingNullCheckFixes(context: RuleContext, flaw: UncheckedDereference): Repair {
  const fn = new FunctionText(context);
  const found: { spot?: Spot } = {};
  const repair = checkBehind(context, fn, flaw, (spot) => {
    found.spot = spot;
  });
  const { allocation: site, pointer, assumedNull } = flaw;
  const holdings = context.analysis.holdings.get(site.id);
  const subject = { pointer, site, holdings, isTested: assumedNull !== undefined, isOwnDoubt: false };
  return { ...repair, alternatives: alternativeChecks(context, fn, subject, found.spot) };
}

/** The check behind the allocation's statement, as the function fails elsewhere. `note` is told where it would stand. */
function checkBehind(
  context: RuleContext,
  fn: FunctionText,
  flaw: UncheckedDereference,
  note: (spot: Spot) => void,
): Repair {
  const { analysis } = context;
  const { allocation, use, assumedNull } = flaw;
  // A check is there already, and does not help: what is wrong with it is for a human to say.
  if (assumedNull) return refuse('a check is there and does not help');
  const holdings = analysis.holdings.get(allocation.id);
  if (!holdings) return refuse('what is held there is not known');
  const call = fn.find(NodeKind.CallExpression, allocation.origin);
  if (call === NO_NODE || fn.textOf(childByField(fn.tree, call, Field.Function)) !== allocation.callee) {
    return refuse('the allocation stands in a macro');
  }
  if (FAILURE_TESTS.has(allocation.callee) && allocation.inner.length === 0) {
    const fixes = outAllocationFixes(context, fn, flaw, holdings, call);
    return fixes.length > 0 ? { fixes } : refuse('the call and its result are not plain');
  }
  const named = namedAllocation(fn, call) ?? outArgument(fn, call, flaw);
  if (!named) return refuse('no statement gives the result a name');
  const { statement, place } = named;
  // What a callee allocated may be a part of its result: a check of the whole would not help.
  if (
    allocation.inner.length > 0 &&
    !new RegExp(`\\b${rootOf(place)}\\b`).test(fn.text.slice(flaw.pointer.start, flaw.pointer.end))
  ) {
    return refuse('the memory is a part of the result');
  }
  if (!fn.isAsWritten(fn.start(statement), fn.end(statement))) return refuse('the statement holds a macro');
  const isUseInside = use.origin.start >= fn.start(statement) && use.origin.start < fn.end(statement);
  if (isUseInside) return refuse('the memory is used in the same statement');
  const style = styleOf(fn, context.neighbours());
  const target = insertionTarget(fn, statement, use.origin.start);
  const group = companions(context, fn, flaw, named, target, holdings);
  if (!group) return refuse('another allocation between has no name');
  if (group.holdings.danglesOutside && /^\w+$/.test(place))
    return refuse('other memory would keep a pointer to what is freed');
  if (isTestedNext(fn, target, group.places)) return refuse('the next statement tests it in another way');
  const position = fn.end(target);
  const insert: Spot['insert'] = (lines) =>
    behindDeclarations(fn, target, lines, style) ?? insertAfter(fn, target, lines, style);
  note({ places: group.places, insert });
  const branch = failureBranch(
    fn,
    analysis,
    context.neighbours(),
    group.holdings,
    target,
    position,
    group.places,
    style,
  );
  if (!branch) return refuse('how the function fails is not known');
  if (branch.isNewFailure && surprisesCallers(context, place)) return refuse('a caller does not expect a failure');
  const lines = conditional(`if (${nullTest(group.places, style)})`, branch.statements, style);
  const edits = insert(lines);
  if (!edits) return refuse('there is no place for statements');
  const isOverwritten = new RegExp(`\\brealloc\\w*\\s*\\(\\s*${placePattern(place)}\\s*,`).test(fn.textOf(call));
  const safety = isOverwritten ? 'unsafe' : branch.safety;
  const names = group.places.map((name) => `'${name}'`).join(' and ');
  return { fixes: [{ title: `Check ${names} for NULL`, safety, edits }] };
}

/**
 * True when a caller in view may not survive that the function fails from now on: it uses the returned pointer without
 * a test, or a member that a function without a result would leave NULL.
 */
function surprisesCallers(context: RuleContext, place: string): boolean {
  const { ir } = context.analysis;
  const isReturned = ir.returnType.includes('*');
  const isLocal = ir.variables.some(({ name, kind }) => name === place && (kind === 'local' || kind === 'parameter'));
  const isSilent = ir.returnType.trim() === 'void' && !isLocal;
  if (ir.name === 'main' || (!isReturned && !isSilent)) return false;
  const callers = context.program.callingFunctions();
  return isReturned ? !callers.every((caller) => expectsNull(caller, ir.name)) : callers.length > 0;
}

/** The place that a call's result goes to, if a statement does nothing else with it. */
function namedAllocation(fn: FunctionText, call: NodeIndex): NamedAllocation | undefined {
  let node = call;
  let parent = fn.parent(node);
  while (fn.kind(parent) === NodeKind.CastExpression || fn.kind(parent) === NodeKind.ParenthesizedExpression) {
    node = parent;
    parent = fn.parent(node);
  }
  if (fn.kind(parent) === NodeKind.InitDeclarator) {
    const declaration = fn.parent(parent);
    const name = declaredName(fn, parent);
    if (fn.kind(declaration) !== NodeKind.Declaration || name === undefined) return undefined;
    if (fn.kind(fn.parent(declaration)) === NodeKind.ForStatement) return undefined;
    return { statement: declaration, place: name };
  }
  if (fn.kind(parent) !== NodeKind.AssignmentExpression) return undefined;
  const left = childByField(fn.tree, parent, Field.Left);
  const operator = childByField(fn.tree, parent, Field.Operator);
  if (left === NO_NODE || (operator !== NO_NODE && fn.textOf(operator) !== '=')) return undefined;
  if (!isPure(fn, left) || fn.textOf(left).includes('\n')) return undefined;
  const statement = statementOf(fn, parent);
  if (statement === NO_NODE || fn.kind(statement) !== NodeKind.ExpressionStatement) return undefined;
  // `a = b = malloc(n)`, `a = malloc(n), b = 0` and `EXPECT((a = malloc(n)) != NULL)`: what happens on all paths.
  for (let outer = fn.parent(parent); outer !== statement; outer = fn.parent(outer)) {
    if (!isEvaluatedAnyway(fn, outer)) return undefined;
  }
  return { statement, place: fn.textOf(left) };
}

/** What stands inside the expression is evaluated whenever the expression is. */
function isEvaluatedAnyway(fn: FunctionText, node: NodeIndex): boolean {
  switch (fn.kind(node)) {
    case NodeKind.AssignmentExpression:
    case NodeKind.CommaExpression:
    case NodeKind.ArgumentList:
    case NodeKind.CallExpression:
    case NodeKind.ParenthesizedExpression:
      return true;
    case NodeKind.BinaryExpression: {
      const operator = childByField(fn.tree, node, Field.Operator);
      return operator !== NO_NODE && /^[!=]=$/.test(fn.textOf(operator));
    }
    default:
      return false;
  }
}

/** The variable whose address a callee was given, and in which it left the memory. */
function outArgument(
  fn: FunctionText,
  call: NodeIndex,
  { pointer }: UncheckedDereference,
): NamedAllocation | undefined {
  const used = fn.text.slice(pointer.start, pointer.end);
  const list = childByField(fn.tree, call, Field.Arguments);
  if (list === NO_NODE || !/^\w+$/.test(used)) return undefined;
  if (!childrenOf(fn.tree, list).some((argument) => fn.textOf(bare(fn, argument)) === `&${used}`)) return undefined;
  const statement = statementOf(fn, call);
  if (statement === NO_NODE || !isInList(fn, statement)) return undefined;
  if (fn.kind(statement) === NodeKind.IfStatement) {
    // In its condition, before anything else.
    const condition = childByField(fn.tree, statement, Field.Condition);
    return condition !== NO_NODE && fn.isWithin(call, condition) ? { statement, place: used } : undefined;
  }
  if (fn.kind(statement) !== NodeKind.ExpressionStatement) return undefined;
  for (let outer = fn.parent(call); outer !== statement; outer = fn.parent(outer)) {
    if (!isEvaluatedAnyway(fn, outer)) return undefined;
  }
  return { statement, place: used };
}

function declaredName(fn: FunctionText, declarator: NodeIndex): string | undefined {
  let current = childByField(fn.tree, declarator, Field.Declarator);
  while (current !== NO_NODE && fn.kind(current) !== NodeKind.Identifier) {
    if (fn.kind(current) !== NodeKind.PointerDeclarator) return undefined;
    current = childByField(fn.tree, current, Field.Declarator);
  }
  return current === NO_NODE ? undefined : fn.textOf(current);
}

/**
 * The statement that the check follows: the allocation's own, or, in a function whose blocks begin with all their
 * declarations, the last of those, unless one of them uses the memory.
 */
function insertionTarget(fn: FunctionText, statement: NodeIndex, use: number): NodeIndex {
  if (fn.kind(statement) !== NodeKind.Declaration || mixesDeclarations(fn)) return statement;
  let last = statement;
  for (const sibling of childrenOf(fn.tree, fn.parent(statement))) {
    if (sibling <= statement) continue;
    if (fn.kind(sibling) !== NodeKind.Declaration) break;
    last = sibling;
  }
  return use < fn.end(last) || !fn.isAsWritten(fn.start(statement), fn.end(last)) ? statement : last;
}

/** True when some declaration of the function stands behind a statement. */
function mixesDeclarations(fn: FunctionText): boolean {
  for (let node = 1; node < fn.tree.length; node++) {
    if (fn.kind(node) !== NodeKind.CompoundStatement) continue;
    let hasStatement = false;
    for (const child of childrenOf(fn.tree, node)) {
      if (fn.kind(child) !== NodeKind.Declaration) hasStatement = true;
      else if (hasStatement) return true;
    }
  }
  return false;
}

/**
 * The allocations of the declarations that the check follows. Those that nobody checks share the check; the holdings are
 * those of the first. Undefined when one of them cannot be named.
 */
function companions(
  context: RuleContext,
  fn: FunctionText,
  flaw: UncheckedDereference,
  ownName: NamedAllocation,
  target: NodeIndex,
  own: Holdings,
): { places: string[]; holdings: Holdings } | undefined {
  const { statement } = ownName;
  let first = statement;
  if (fn.kind(statement) === NodeKind.Declaration && target !== statement) {
    for (const sibling of childrenOf(fn.tree, fn.parent(statement))) {
      if (fn.kind(sibling) === NodeKind.Declaration && sibling < first) first = sibling;
    }
  }
  const found: { place: string; holdings: Holdings }[] = [];
  for (const holdings of context.analysis.holdings.values()) {
    const { site } = holdings;
    if (site.origin.start < fn.start(first) || site.origin.end > fn.end(target)) continue;
    const call = fn.find(NodeKind.CallExpression, site.origin);
    const other = call === NO_NODE ? undefined : namedAllocation(fn, call);
    const named = site.id === own.site.id ? ownName : other;
    const isFlawed = context.analysis.flaws.some(
      (other) =>
        other.kind === 'unchecked-dereference' &&
        !other.assumedNull &&
        other.allocation.origin.start === site.origin.start,
    );
    if (!named) {
      if (site.origin.start > own.site.origin.start) return undefined;
      continue;
    }
    if (site.id !== own.site.id && !isFlawed && site.origin.start < own.site.origin.start) continue;
    if (!found.some(({ place }) => place === named.place)) found.push({ place: named.place, holdings });
  }
  found.sort((a, b) => a.holdings.site.origin.start - b.holdings.site.origin.start);
  const earliest = found[0];
  if (!earliest) return undefined;
  if (found.length === 1) return { places: [earliest.place], holdings: earliest.holdings };
  // All are freed when one failed: free(NULL) does nothing.
  return { places: found.map(({ place }) => place), holdings: withTogether(context, found, flaw) };
}

/** The holdings before the first of several allocations, and the memory of the others beside them. */
function withTogether(
  context: RuleContext,
  found: readonly { place: string; holdings: Holdings }[],
  flaw: UncheckedDereference,
): Holdings {
  const variables = new Map(found[0].holdings.variables);
  for (const { place, holdings } of found) {
    const variable = context.analysis.ir.variables.find(({ name, kind }) => name === place && kind === 'local');
    const family = familyOf(found) || 'malloc';
    if (variable) variables.set(variable.id, { kind: 'owned', family, allocation: holdings.site, mayBeNull: true });
  }
  return { ...found[0].holdings, variables, site: { ...found[0].holdings.site, callee: flaw.allocation.callee } };
}

/** The family of memory that one of several allocations saw another of them hold. */
function familyOf(found: readonly { holdings: Holdings }[]): string {
  const sites = found.map(({ holdings }) => holdings.site.id);
  for (const { holdings } of found) {
    for (const holding of holdings.variables.values()) {
      if ('family' in holding && sites.includes(holding.allocation.id)) return holding.family;
    }
  }
  return '';
}

/** The next statement tests the place already, in a way that the analysis did not understand. */
function isTestedNext(fn: FunctionText, target: NodeIndex, places: readonly string[]): boolean {
  const next = fn.tree.next[target];
  if (next >= fn.tree.next[fn.parent(target)] || fn.kind(next) !== NodeKind.IfStatement) return false;
  const condition = childByField(fn.tree, next, Field.Condition);
  if (condition === NO_NODE) return false;
  const text = fn.textOf(condition);
  return places.some((place) => {
    const name = placePattern(place);
    return new RegExp(
      `!\\s*${name}\\b(?!\\s*[-.[(])|\\b${name}\\s*[!=]=|[!=]=\\s*${name}\\b|^\\(\\s*${name}\\s*\\)$`,
    ).test(text);
  });
}

/** The last name in a place: of `s->buffer` it is `buffer`. */
function rootOf(place: string): string {
  return /\w+(?=\W*$)/.exec(place)?.[0] ?? place;
}

/** Behind declarations that a blank line follows, the check stands below the blank line. */
function behindDeclarations(
  fn: FunctionText,
  target: NodeIndex,
  lines: Parameters<typeof below>[0],
  style: Style,
): ReturnType<typeof insertAfter> {
  if (fn.kind(target) !== NodeKind.Declaration || !isInList(fn, target)) return undefined;
  const lineEnd = fn.lineEnd(fn.end(target));
  const rest = /^[ \t]*(\/\*((?!\*\/).)*\*\/[ \t]*|\/\/.*)?$/.test(fn.text.slice(fn.end(target), lineEnd));
  const blank = /^\r?\n[ \t]*(?=\r?\n)/.exec(fn.text.slice(lineEnd));
  if (!rest || !blank) return undefined;
  const position = lineEnd + blank[0].length;
  const before = fn.text.slice(fn.lineStart(fn.start(target)), fn.start(target)).trim();
  const own = fn.indentation(fn.start(target));
  const indentation = before === '' ? own : deeper(style, own);
  return [fn.replace(position, position, below(lines, indentation, style))];
}

/** asprintf(&p, …) and its like: the call's result is tested, in an `if` around the call or behind the statement. */
function outAllocationFixes(
  context: RuleContext,
  fn: FunctionText,
  flaw: UncheckedDereference,
  holdings: Holdings,
  call: NodeIndex,
): Fix[] {
  const { allocation, use } = flaw;
  const test = FAILURE_TESTS.get(allocation.callee)!;
  const statement = statementOf(fn, call);
  if (statement === NO_NODE || !isInList(fn, statement)) return [];
  if (use.origin.start >= fn.start(statement) && use.origin.start < fn.end(statement)) return [];
  const first = childrenOf(fn.tree, childByField(fn.tree, call, Field.Arguments))[0];
  const pointer = first === undefined ? '' : fn.textOf(bare(fn, first)).replace(/^&\s*/, '');
  const style = styleOf(fn, context.neighbours());
  const position = fn.end(statement);
  const branch = failureBranch(
    fn,
    context.analysis,
    context.neighbours(),
    holdings,
    statement,
    position,
    [pointer],
    style,
  );
  if (!branch || holdings.danglesOutside) return [];
  const title = `Check the result of ${allocation.callee}()`;
  const named = namedAllocation(fn, call);
  if (named) {
    const lines = conditional(`if (${named.place} ${test})`, branch.statements, style);
    const edits = insertAfter(fn, statement, lines, style);
    return edits ? [{ title, safety: branch.safety, edits }] : [];
  }
  if (fn.kind(statement) !== NodeKind.ExpressionStatement || bare(fn, statement + 1) !== call) return [];
  const [head, ...rest] = conditional('', branch.statements, style);
  const tail = insertAfter(fn, statement, rest, style);
  if (tail?.length !== 1 || !tail[0].newText.includes('\n')) return [];
  return [
    {
      title,
      safety: branch.safety,
      edits: [
        fn.replace(fn.start(statement), fn.start(call), 'if ('),
        fn.replace(fn.end(call), fn.end(statement), ` ${test})${head.text}`),
        ...tail,
      ],
    },
  ];
}
