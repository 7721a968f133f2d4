import type { ObjectType } from './type-model.ts';

/** A name for a type of structure that is the same wherever it is resolved: its tag, or, where it has none, its members. */
export function recordKey(type: ObjectType): string | undefined {
  if (type.kind === 'incomplete') return type.isRecord && type.name !== '' ? type.name : undefined;
  if (type.kind !== 'record') return undefined;
  if (type.name !== '') return `${type.tag} ${type.name}`;
  return type.members && `${type.tag} {${type.members.map(({ name }) => name).join()}}`;
}
