import { argumentAt, definitionOf, typeRead } from '../ir/definitions.ts';
import type { FunctionIr, Origin } from '../ir/instructions.ts';
import { pointerUses } from '../ir/pointer-uses.ts';
import type { TypeTerm } from '../ir/type-terms.ts';
import type { AnalysisContext, ForgottenMember } from './context.ts';
import { freesWithOwnDestructor } from './own-destructors.ts';
import { recordKey } from './record-key.ts';
import type { Place } from './regions.ts';
import { isReleaseName } from './release-names.ts';
import type { Region, Site, State } from './state.ts';
import type { ObjectType } from './type-model.ts';

/** Names of functions that end the life of a structure which is no block of its own. */
const EMPTYING = /(^|_)(fini|deinit|uninit|clear|term|exit|done)(_|$)|(Fini|Deinit|Uninit|Clear|Term|Exit|Done)$/;

const isEmptying = (name: string): boolean => EMPTYING.test(name) || isReleaseName(name);

/** Structures within structures: deeper is not looked. */
const MAXIMUM_DEPTH = 4;

/**
 * The function frees a structure: what stands in members of it that nothing in the program frees is lost. In one that makes such structures
 * nothing need stand there yet.
 */
export function noteForgottenMembers(
  context: AnalysisContext,
  state: State,
  region: Region | undefined,
  holder: Origin,
  place: Place,
  site: () => Site,
): void {
  if (state.isDoubtful || region?.allocation !== undefined) return;
  const { ir, types, flaws } = context;
  const { block, instruction } = place;
  const register = argumentAt(ir.blocks[block].instructions[instruction], holder);
  if (register === undefined || freesWithOwnDestructor(ir, block, instruction, holder)) return;
  const note = (path: string, member: ForgottenMember, isWhole: boolean): void => {
    // What stands there on which paths of a function that stores it itself is told path by path.
    if (fills(ir, member.name) || gives(context, member.name)) return;
    // Of a structure that is emptied member by member it is told once.
    const isKnown = flaws.some(
      (flaw) =>
        flaw.kind === 'forgotten-member' &&
        flaw.path === path &&
        (isWhole ? flaw.at.origin.start === place.origin.start : !flaw.isWhole),
    );
    if (!isKnown) flaws.push({ kind: 'forgotten-member', member, path, holder, isWhole, at: site() });
  };
  const term = typeRead(ir, block, instruction, register);
  const type = term && types.resolve(term);
  if (type?.kind === 'pointer' && !makes(context, type.to))
    for (const [path, member] of forgottenIn(context, types.resolve(type.to), '', 0)) note(path, member, true);
  // Structures that others hold by value are emptied by a function of that name; others may only be begun anew.
  if (term?.kind !== 'member' || !isEmptying(ir.name) || fills(ir, term.name, term.of)) return;
  for (const [path, member] of forgottenIn(context, types.resolve(term.of), '', MAXIMUM_DEPTH))
    if (!member.isOfBlock) note(path, member, false);
}

/** The function asks somebody for such a structure: it may be one that is not filled yet. */
function makes({ ir, types }: AnalysisContext, made: TypeTerm): boolean {
  const key = recordKey(types.resolve(made));
  return ir.blocks.some(({ instructions }) =>
    instructions.some(
      (each, i) =>
        each.op === 'convert' &&
        definitionOf(instructions, i, each.value)?.op === 'call' &&
        recordKey(types.resolve(each.pointee)) === key,
    ),
  );
}

/** The function gives what stands in a member of the name to a deallocator, as one does that is to be repaired. */
function gives({ ir, environment }: AnalysisContext, name: string): boolean {
  return pointerUses(ir).members.some(
    (member) =>
      member.name === name &&
      member.held.passed.some(({ callee }) => environment.models.modelOf(callee)?.frees !== undefined),
  );
}

/** The function itself stores something in a member of the name, of that type of structure if one is given. */
function fills(ir: FunctionIr, name: string, of?: TypeTerm): boolean {
  return pointerUses(ir).members.some(
    (member) =>
      member.name === name &&
      member.stored.some(({ sources }) => sources.some(({ kind }) => kind !== 'null')) &&
      (of === undefined || JSON.stringify(member.of) === JSON.stringify(of)),
  );
}

/** The members of a structure, and of the structures within it, each with the way to it: `options.name`. */
function* forgottenIn(
  context: AnalysisContext,
  type: ObjectType,
  way: string,
  depth: number,
): Generator<readonly [string, ForgottenMember]> {
  const key = recordKey(type);
  if (key === undefined) return;
  for (const member of context.environment.forgottenMembers(key)) yield [`${way}${member.name}`, member];
  if (type.kind !== 'record' || depth >= MAXIMUM_DEPTH) return;
  for (const { name, type: inner } of type.members ?? []) {
    if (inner.kind === 'pointer' || inner.kind === 'function') continue;
    const part = context.types.resolve(inner);
    if (part.kind === 'record') yield* forgottenIn(context, part, name === '' ? way : `${way}${name}.`, depth + 1);
  }
}
