import type { FunctionIr, Instruction, Terminator } from './instructions.ts';

/** The intermediate representation as text, for those who work on the lowering. Shows `source` beside each event. */
export function dumpIr(ir: FunctionIr, source: string): string {
  const lines = [
    `function ${ir.name}(${ir.parameters.map((id) => `%${id} ${ir.variables[id].name}`).join(', ')}) -> ${ir.returnType}`,
  ];
  for (const variable of ir.variables) {
    const details = [
      variable.kind,
      '*'.repeat(variable.pointerDepth),
      variable.isArray ? 'array' : '',
      variable.cleanup ?? '',
    ];
    lines.push(
      `  %${variable.id} ${variable.name || '(temporary)'}: ${details.filter((word) => word !== '').join(' ')}`,
    );
  }
  for (const block of ir.blocks) {
    lines.push(`b${block.id}:`);
    for (const instruction of block.instructions) lines.push(`  ${dumpInstruction(instruction, source)}`);
    lines.push(`  ${dumpTerminator(block.terminator)}`);
  }
  return `${lines.join('\n')}\n`;
}

function dumpInstruction(i: Instruction, source: string): string {
  switch (i.op) {
    case 'constant':
      return `r${i.destination} = ${i.value}`;
    case 'string':
      return `r${i.destination} = string ${source.slice(i.origin.start, Math.min(i.origin.end, i.origin.start + 24))}`;
    case 'function':
      return `r${i.destination} = function ${i.name}`;
    case 'named':
      return `r${i.destination} = named ${i.key}`;
    case 'sizeof':
      return `r${i.destination} = ${i.key}`;
    case 'convert':
      return `convert r${i.value}`;
    case 'unknown':
      return `r${i.destination} = unknown`;
    case 'variable':
      return `r${i.destination} = address %${i.variable}`;
    case 'field':
      return `r${i.destination} = field r${i.base} .${i.name}`;
    case 'element':
      return `r${i.destination} = element r${i.base} [r${i.index}]`;
    case 'load':
      return `r${i.destination} = load r${i.address}${i.pointer ? '  (through a pointer)' : ''}`;
    case 'store':
      return `store r${i.address}, r${i.value}${i.pointer ? '  (through a pointer)' : ''}`;
    case 'binary':
      return `r${i.destination} = r${i.left} ${i.operator} r${i.right}`;
    case 'unary':
      return `r${i.destination} = ${i.operator} r${i.operand}`;
    case 'call': {
      const callee = i.callee || `*r${i.pointer}`;
      return `r${i.destination} = call ${callee}(${i.arguments.map((register) => `r${register}`).join(', ')})`;
    }
    case 'sequence-point':
      return '--';
    case 'declare':
      return `declare %${i.variable}`;
    case 'scope-end':
      return `scope-end ${i.variables.map((id) => `%${id}`).join(' ')}`;
    case 'escape':
      return i.initialises
        ? `initialise %${i.initialises.variable} at ${i.initialises.path.map(({ position }) => position).join('.')}, r${i.value}`
        : `escape r${i.value}`;
    case 'forget':
      return `forget ${i.variables.map((id) => `%${id}`).join(' ')}`;
  }
}

function dumpTerminator(terminator: Terminator): string {
  switch (terminator.kind) {
    case 'goto':
      return `goto b${terminator.target}`;
    case 'branch':
      return `branch r${terminator.condition} ? b${terminator.whenTrue} : b${terminator.whenFalse}`;
    case 'return':
      return terminator.value === undefined ? 'return' : `return r${terminator.value}`;
    default:
      return 'unreachable';
  }
}

/** The control flow graph in the DOT language, one node per block. */
export function dumpCfg(ir: FunctionIr, source: string): string {
  const lines = [`digraph "${ir.name}" {`, '  node [shape=box, fontname=monospace];'];
  for (const block of ir.blocks) {
    const body = block.instructions.map((instruction) => dumpInstruction(instruction, source)).join('\n');
    const label = `b${block.id}\n${body}\n${dumpTerminator(block.terminator)}`
      .replace(/["\\]/g, '\\$&')
      .replace(/\n/g, '\\l');
    lines.push(`  b${block.id} [label="${label}\\l"];`);
    if (block.terminator.kind === 'goto') lines.push(`  b${block.id} -> b${block.terminator.target};`);
    if (block.terminator.kind === 'branch') {
      lines.push(`  b${block.id} -> b${block.terminator.whenTrue} [label="true"];`);
      lines.push(`  b${block.id} -> b${block.terminator.whenFalse} [label="false"];`);
    }
  }
  return `${lines.join('\n')}\n}\n`;
}
