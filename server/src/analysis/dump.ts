import { pathOfLocation, pathOfValue } from './access-paths.ts';
import type { AnalysisContext } from './context.ts';
import type { Summary } from './summary.ts';
import type { Location, Value } from './value-shapes.ts';

/** The flaws of a function, the states at its exits and its summary. */
export function dumpContext(context: AnalysisContext, summary: Summary): string {
  const { ir, flaws, table } = context;
  const showLocation = (location: Location): string => {
    const shape = table.locations[location];
    switch (shape.kind) {
      case 'variable':
        return ir.variables[shape.variable].name || `%${shape.variable}`;
      case 'pointee':
        return `*${showValue(shape.pointer)}`;
      case 'field':
        return `${showLocation(shape.parent)}.${shape.name}`;
      case 'element':
        return `${showLocation(shape.parent)}[${showValue(shape.index)}]`;
      default:
        return shape.kind;
    }
  };
  const showValue = (value: Value): string => {
    const shape = table.values[value];
    switch (shape.kind) {
      case 'integer':
        return String(shape.value);
      case 'address':
        return `&${showLocation(shape.location)}`;
      case 'binary':
        return `(${showValue(shape.left)} ${shape.operator} ${showValue(shape.right)})`;
      case 'symbol':
        return pathOfValue(table, ir, value)?.join(' ') ?? `${shape.origin.kind}#${value}`;
    }
  };
  const lines = [`function ${ir.name}${context.isIncomplete ? ' (incomplete)' : ''}`];
  for (const flaw of flaws) lines.push(`  flaw ${JSON.stringify(flaw)}`);
  for (const [index, { state, value, site }] of context.exits.entries()) {
    lines.push(
      `  exit ${index} at ${site.origin.start}: returns ${value === undefined ? 'nothing' : showValue(value)}${state.isDoubtful ? ', in doubt' : ''}`,
    );
    for (const [location, held] of state.memory) {
      const path = pathOfLocation(table, ir, location);
      lines.push(`    memory ${path ? path.join(' ') : showLocation(location)} = ${showValue(held)}`);
    }
    for (const [region, record] of state.regions) {
      lines.push(
        `    region ${showValue(region)}: ${record.status}${record.isUnchecked ? ', unchecked' : ''}${record.isPublished ? ', published' : ''}`,
      );
    }
    for (const [known, fact] of state.facts) {
      const range = fact.isNonZero ? 'not zero' : `${fact.low}..${fact.high}`;
      lines.push(`    fact ${showValue(known)}: ${range}`);
    }
  }
  lines.push(`  summary ${JSON.stringify(summary)}`);
  return `${lines.join('\n')}\n`;
}
