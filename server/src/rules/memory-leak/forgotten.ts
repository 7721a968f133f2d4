import type { Flaw } from '../../analysis/flaws.ts';
import { NO_NODE } from '../../syntax/syntax-arrays.ts';
import { FunctionText, statementAt } from '../fixes/function-text.ts';
import { insertBefore, line } from '../fixes/statement-edits.ts';
import { styleOf } from '../fixes/style.ts';
import { quote, type RawFinding, type Repair, type RuleContext, refuse, step } from '../rule.ts';

type ForgottenMember = Extract<Flaw, { kind: 'forgotten-member' }>;

/** How a finding ends that rests on what no file of the program does. */
export const NOTHING_FREES = 'and nothing frees that.';

/** A structure is freed, and with it the last reference to what stands in a member that nothing in the program frees. */
export function forgottenMember(context: RuleContext, flaw: ForgottenMember): RawFinding {
  const { member, path, holder, isWhole, at } = flaw;
  const text = quote(context, holder);
  // `list->items` is freed of what `list->other` is forgotten in.
  const name = isWhole ? text && `${text}->` : text?.replace(/\w+$/, '');
  const place = name === undefined ? `member '${path}'` : `'${name}${path}'`;
  const what = text === undefined ? 'the structure' : `'${text}'`;
  const steps = [];
  const stored = context.locate({
    file: context.file,
    functionName: member.functionName,
    origin: member.origin,
    callee: member.callee,
  });
  if (stored)
    steps.push({
      kind: 'allocated' as const,
      file: stored.file,
      range: stored.range,
      message: `${member.functionName}() stores memory from ${member.callee}() in '${member.name}' here`,
    });
  steps.push(
    step(
      context,
      'lost',
      at.origin,
      isWhole
        ? 'the structure is freed here, and nothing frees the member'
        : 'another member is freed here, and nothing frees this one',
    ),
  );
  return {
    message: `${place} is ${isWhole ? `lost when ${what} is freed` : `forgotten where ${what} is freed`}: ${member.functionName}() stores memory from ${member.callee}() there, ${NOTHING_FREES}`,
    range: { start: context.base + at.origin.start, end: context.base + at.origin.end },
    steps,
    confidence: 'likely',
    repair: () => freeMember(context, flaw),
  };
}

/** The member is freed in front of its structure, where that is one structure with a name of its own. */
function freeMember(context: RuleContext, { member, path, holder, isWhole, at }: ForgottenMember): Repair {
  const fn = new FunctionText(context);
  const freed = fn.text.slice(holder.start, holder.end);
  const [, name = ''] = (isWhole ? /^(\w+)$/ : /^(\w+)->\w+$/).exec(freed) ?? [];
  if (name === '') return refuse('what holds the member has no name of its own');
  // Of several structures in one block each has such a member.
  if (new RegExp(`\\b${name}\\s*(\\[|\\+)`).test(fn.text)) return refuse('several structures may stand in the block');
  const statement = statementAt(fn, at.origin.start);
  if (statement === NO_NODE || !/^[\w\s]*\([^(]*\);$/.test(fn.text.slice(fn.start(statement), fn.end(statement))))
    return refuse('the structure is freed within a longer statement');
  const place = `${name}->${path}`;
  const family = context.program.familyOf(member.callee);
  const deallocator = family !== undefined ? context.program.deallocator(family) : undefined;
  if (deallocator === undefined) return refuse('what frees the member is not known');
  const style = styleOf(fn, context.neighbours());
  const edits = insertBefore(fn, statement, [line(`${deallocator}(${place});`)], style);
  if (!edits) return refuse('there is no room for a statement');
  return { fixes: [{ title: `Free '${place}' before '${freed}'`, safety: 'unsafe', edits }] };
}
