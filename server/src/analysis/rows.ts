import { keptIn, keptPer } from '../base/kept.ts';
import type { TypeTerm } from '../ir/type-terms.ts';
import type { AnalysisContext } from './context.ts';
import type { Value } from './value-shapes.ts';

/*
 * An element of an array of arrays is a row of elements. Indices count what the innermost rows are made of, so that `a[1][0]` of rows
 * of two is the third element, and another place than `a[0][1]`.
 */

/** Arrays of arrays of arrays nested deeper are taken for rows of an unknown length. */
const MAXIMUM_DIMENSIONS = 8;

const lengthsByType = keptPer((_: AnalysisContext) => new Map<TypeTerm, Value>());

/** An index of elements of a type, in elements of the innermost rows. */
export function indexOfRow(context: AnalysisContext, index: Value, type: TypeTerm): Value {
  const { table } = context;
  if (index === table.zero || type.kind === 'unknown' || type.kind === 'pointer') return index;
  const length = keptIn(lengthsByType(context), type, () => rowLength(context, type));
  return length === table.one ? index : table.binary('*', index, length);
}

/** How many elements of the innermost kind a type is made of: 1 for what is no array. */
function rowLength({ table, sizes }: AnalysisContext, term: TypeTerm): Value {
  let length = 1;
  let type = sizes.types.resolve(term);
  for (let dimensions = 0; type.kind === 'array'; dimensions++) {
    // Rows of a length that is not known are told apart by a number that stands for it.
    if (type.length === undefined || dimensions >= MAXIMUM_DIMENSIONS)
      return table.symbol({ kind: 'named', key: 'the length of a row' });
    length *= type.length;
    type = sizes.types.resolve(type.of);
  }
  return table.integer(length);
}
