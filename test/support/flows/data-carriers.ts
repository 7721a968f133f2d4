/*
 * Data carriers: ways in which a pointer goes from where it was made to where it is used. `head` is what is done with it
 * before, `tail` what is done with it behind, each with the place of the pointer put in.
 */
export interface Flow {
  /** What the pointer points to. */
  readonly element: string;
  /** At the beginning of every function: what the control carrier needs there. */
  readonly begin: string;
  readonly parameters: string;
  /** What the pointer's declaration gives it, before it is made. */
  readonly initial: string;
  readonly head: (place: string) => string;
  /** `origin`: the place that it had before, where that is still in sight. */
  readonly tail: (place: string, origin?: string) => string;
  /** What is done with the place in front, when what is behind is over. */
  readonly after: (place: string) => string;
  /** The type of the function of the flow: `void`, or the pointer where the misuse returns it. */
  readonly result: string;
}

export interface DataCarrier {
  readonly name: string;
  /** The files of the program; what all need stands in front of each. */
  readonly write: (flow: Flow) => readonly string[];
  /** Traits of kernels that it does not fit. */
  readonly not?: readonly string[];
  /** More functions than one. */
  readonly calls?: boolean;
  /** The place that the pointer had before, which is still in sight behind. */
  readonly origin?: string;
  /** The function in front goes on when the one behind is over. */
  readonly comesBack?: boolean;
}

/** The pointer's type in the place of `T`. */
function typed(text: string, { element }: Flow): string {
  return text.replaceAll(/\bT\b/g, `${element} *`);
}

/** The one function, of statements for `element *p`. */
function inside(
  name: string,
  body: (flow: Flow) => string,
  rest: Partial<DataCarrier> & { types?: string } = {},
): DataCarrier {
  const { types = '', origin = name === 'none' ? undefined : 'p' } = rest;
  return {
    name,
    origin,
    write: (flow) => [
      typed(`${types}\n${mainFunction(flow, body({ ...flow, tail: (place) => flow.tail(place, origin) }))}`, flow),
    ],
    ...rest,
  };
}

function mainFunction({ result, parameters, begin }: Flow, body: string): string {
  return `${result} flow(${parameters || 'void'})\n{\n    ${begin}\n    ${body}\n}\n`;
}

/** A caller that gives the pointer to `taker`: `parameter` as that declares it, `place` in it, `argument` for it. */
function passing(
  name: string,
  parameter: string,
  place: string,
  before: string,
  argument: string,
  rest: Partial<DataCarrier> & { types?: string; source?: string; entry?: string } = {},
): DataCarrier {
  const { types = '', source = 'p', entry = '' } = rest;
  return {
    name,
    calls: true,
    comesBack: true,
    not: ['returns'],
    write: (flow) => {
      const taker = `${types}\nstatic void taker(${parameter})\n{\n    ${flow.begin}\n    ${entry} ${flow.tail(place)}\n}\n`;
      const caller = mainFunction(flow, `${before} ${flow.head(source)} ${argument} ${flow.after(source)}`);
      return [typed(taker + caller, flow)];
    },
    ...rest,
  };
}

const chain = (length: number, files: boolean): DataCarrier => ({
  name: `${length} functions${files ? ', each in a file' : ''}`,
  calls: true,
  comesBack: true,
  not: ['returns'],
  write: (flow) => {
    const type = `${flow.element} *`;
    const storage = files ? '' : 'static ';
    const parts = [`${storage}void step${length}(${type}q)\n{\n    ${flow.begin}\n    ${flow.tail('q')}\n}\n`];
    for (let at = length - 1; at > 0; at--) {
      const declaration = files ? `void step${at + 1}(${type}q);\n` : '';
      parts.push(`${declaration}${storage}void step${at}(${type}q)\n{\n    step${at + 1}(q);\n}\n`);
    }
    const declaration = files ? `void step1(${type}q);\n` : '';
    parts.push(declaration + mainFunction(flow, `${type}p = NULL; ${flow.head('p')} step1(p); ${flow.after('p')}`));
    return files ? parts : [parts.join('\n')];
  },
});

/** A callee makes the pointer, and the caller uses what it got. */
function giving(
  name: string,
  result: string,
  parameter: string,
  body: (flow: Flow) => string,
  use: (flow: Flow) => string,
  rest: Partial<DataCarrier> & { types?: string } = {},
): DataCarrier {
  return {
    name,
    calls: true,
    not: ['local', 'dangling after'],
    write: (flow) => {
      const giver = `${rest.types ?? ''}\nstatic ${result} giver(${parameter})\n{\n    ${flow.begin}\n    ${body(flow)}\n}\n`;
      return [typed(giver + mainFunction(flow, use(flow)), flow)];
    },
    ...rest,
  };
}

const shared = (name: string, files: boolean, storage: string): DataCarrier => ({
  name,
  calls: true,
  not: ['lost', 'local', 'dangling after', 'returns'],
  write: (flow) => {
    const type = `${flow.element} *`;
    const user = `${files ? `extern ${type}shared;\n` : ''}void user(void)\n{\n    ${flow.begin}\n    ${flow.tail('shared')}\n}\n`;
    const maker = `${files ? '' : storage}${type}shared;\n`;
    const flowFunction = mainFunction(flow, `${flow.head('shared')} user();`);
    return files ? [user, `${maker}void user(void);\n${flowFunction}`] : [`${maker}static ${user}${flowFunction}`];
  },
});

export const dataCarriers: readonly DataCarrier[] = [
  inside('none', ({ initial, head, tail }) => `T p${initial}; ${head('p')} ${tail('p')}`),
  inside('another variable', ({ head, tail }) => `T p = NULL; ${head('p')} T q = p; ${tail('q')}`),
  inside('two more variables', ({ head, tail }) => `T p = NULL; ${head('p')} T q = p; T r; r = q; ${tail('r')}`),
  inside('void *', ({ head, tail }) => `T p = NULL; ${head('p')} void *any = p; T q = any; ${tail('q')}`),
  inside(
    'char *',
    ({ head, tail }) => `T p = NULL; ${head('p')} char *bytes = (char *)p; T q = (T)bytes; ${tail('q')}`,
  ),
  inside(
    'uintptr_t',
    ({ head, tail }) => `T p = NULL; ${head('p')} uintptr_t bits = (uintptr_t)p; T q = (T)bits; ${tail('q')}`,
  ),
  inside('read through a pointer', ({ head, tail }) => `T p = NULL; T *at = &p; ${head('p')} ${tail('(*at)')}`),
  inside('written through a pointer', ({ head, tail }) => `T p = NULL; T *at = &p; ${head('(*at)')} ${tail('p')}`),
  inside(
    'two pointers to one pointer',
    ({ head, tail }) => `T p = NULL; T *in = &p; T *out = &p; ${head('(*in)')} T q = *out; ${tail('q')}`,
  ),
  inside('three stars', ({ head, tail }) => `T p = NULL; T *at = &p; T **far = &at; ${head('p')} ${tail('(**far)')}`),
  inside('a member', ({ head, tail }) => `struct box b = { 0, NULL }; ${head('b.item')} ${tail('b.item')}`, {
    origin: undefined,
    types: 'struct box { int count; T item; };',
  }),
  inside(
    'stored to a member',
    ({ head, tail }) => `T p = NULL; struct box b; ${head('p')} b.count = 1; b.item = p; ${tail('b.item')}`,
    {
      types: 'struct box { int count; T item; };',
    },
  ),
  inside(
    'a nested member',
    ({ head, tail }) => `T p = NULL; struct room r; ${head('p')} r.box.item = p; T q = r.box.item; ${tail('q')}`,
    {
      types: 'struct box { int count; T item; };\nstruct room { int door; struct box box; };',
    },
  ),
  inside(
    'a copied structure',
    ({ head, tail }) => `struct box b = { 0, NULL }; ${head('b.item')} struct box c = b; ${tail('c.item')}`,
    {
      origin: 'b.item',
      types: 'struct box { int count; T item; };',
    },
  ),
  inside(
    'a member through a pointer',
    ({ head, tail }) => `struct box b = { 0, NULL }, *at = &b; ${head('at->item')} ${tail('b.item')}`,
    {
      origin: undefined,
      types: 'struct box { int count; T item; };',
    },
  ),
  inside(
    'an initialiser',
    ({ head, tail }) => `T p = NULL; ${head('p')} struct box b = { .count = 1, .item = p }; ${tail('b.item')}`,
    {
      types: 'struct box { int count; T item; };',
    },
  ),
  inside('an array', ({ head, tail }) => `T p = NULL; T all[4]; ${head('p')} all[2] = p; ${tail('all[2]')}`),
  inside(
    'an array by a variable index',
    ({ head, tail }) => `T p = NULL; T all[4]; int at = 1; ${head('p')} all[at] = p; T q = all[1]; ${tail('q')}`,
  ),
  inside(
    'an array of structures',
    ({ head, tail }) => `T p = NULL; struct box all[3]; ${head('p')} all[1].item = p; ${tail('all[1].item')}`,
    {
      types: 'struct box { int count; T item; };',
    },
  ),
  inside(
    'a union',
    ({ head, tail }) => `T p = NULL; union either u; ${head('p')} u.in = p; T q = u.out; ${tail('q')}`,
    {
      types: 'union either { T in; T out; };',
    },
  ),
  inside('a static local', ({ head, tail }) => `static T p; ${head('p')} T q = p; p = NULL; ${tail('q')}`, {
    not: ['local'],
    // It holds NULL by then.
    origin: undefined,
  }),
  inside(
    'a node',
    ({ head, tail }) =>
      `T p = NULL; struct node last, first; last.next = NULL; first.item = NULL; first.next = &last; ${head('p')} last.item = p; ${tail('first.next->item')}`,
    {
      types: 'struct node { T item; struct node *next; };',
    },
  ),
  inside(
    'an initialiser without names',
    ({ head, tail }) => `T p = NULL; ${head('p')} struct box b = { 1, p }; ${tail('b.item')}`,
    {
      types: 'struct box { int count; T item; };',
    },
  ),
  inside('memcpy', ({ head, tail }) => `T p = NULL; T q = NULL; ${head('p')} memcpy(&q, &p, sizeof p); ${tail('q')}`),
  inside(
    'memmove of a structure',
    ({ head, tail }) => `struct box b = { 0, NULL }, c; ${head('b.item')} memmove(&c, &b, sizeof b); ${tail('c.item')}`,
    {
      origin: 'b.item',
      types: 'struct box { int count; T item; };',
    },
  ),
  inside(
    'a conditional expression',
    ({ head, tail }) => `T p = NULL; T q; int first = 1; ${head('p')} q = first ? p : NULL; ${tail('q')}`,
  ),
  passing('by value', 'T q', 'q', 'T p = NULL;', 'taker(p);'),
  passing('by value beside others', 'int n, T q, int m', 'q', 'T p = NULL;', 'taker(1, p, 2);'),
  passing('by value as void *', 'void *any', 'q', 'T p = NULL;', 'taker(p);', { entry: 'T q = any;' }),
  passing('by address', 'T *at', '(*at)', 'T p = NULL;', 'taker(&p);'),
  passing(
    'in a structure',
    'struct box b',
    'b.item',
    'T p = NULL;',
    'struct box b = { 1, NULL }; b.item = p; taker(b);',
    {
      types: 'struct box { int count; T item; };',
    },
  ),
  passing('in a structure by address', 'struct box *b', 'b->item', 'struct box b = { 1, NULL };', 'taker(&b);', {
    types: 'struct box { int count; T item; };',
    source: 'b.item',
  }),
  passing(
    'in an array',
    'T all[]',
    'all[1]',
    'T p = NULL;',
    'T all[3] = { NULL, NULL, NULL }; all[1] = p; taker(all);',
  ),
  passing('through a function pointer', 'T q', 'q', 'T p = NULL;', 'void (*how)(T) = taker; how(p);'),
  {
    ...passing('through a table of functions', 'T q', 'q', 'T p = NULL;', 'table[0](p);'),
    write: (flow) => {
      const type = `${flow.element} *`;
      return [
        `static void taker(${type}q)\n{\n    ${flow.begin}\n    ${flow.tail('q')}\n}\nstatic void (*const table[])(${type}) = { taker };\n` +
          mainFunction(flow, `${type}p = NULL; ${flow.head('p')} table[0](p); ${flow.after('p')}`),
      ];
    },
  },
  {
    ...passing('a callback', 'T q', 'q', 'T p = NULL;', ''),
    write: (flow) => {
      const type = `${flow.element} *`;
      return [
        `static void taker(void *any)\n{\n    ${flow.begin}\n    ${type}q = any; ${flow.tail('q')}\n}\n` +
          `static void visit(void (*visitor)(void *), void *any)\n{\n    visitor(any);\n}\n` +
          mainFunction(flow, `${type}p = NULL; ${flow.head('p')} visit(taker, p); ${flow.after('p')}`),
      ];
    },
  },
  {
    ...passing('variable arguments', 'T q', 'q', 'T p = NULL;', '', { not: ['returns', 'dangling after'] }),
    write: (flow) => {
      const type = `${flow.element} *`;
      return [
        `static void taker(int count, ...)\n{\n    ${flow.begin}\n    va_list rest; va_start(rest, count); ${type}q = va_arg(rest, ${type}); va_end(rest);\n    ${flow.tail('q')}\n}\n` +
          mainFunction(flow, `${type}p = NULL; ${flow.head('p')} taker(1, p); ${flow.after('p')}`),
      ];
    },
  },
  chain(2, true),
  chain(3, false),
  chain(5, true),
  giving(
    'returned',
    'T',
    'void',
    ({ head }) => `T p = NULL; ${head('p')} return p;`,
    ({ tail }) => `T q = giver(); ${tail('q')}`,
  ),
  giving(
    'an out-parameter',
    'void',
    'T *out',
    ({ head }) => `T p = NULL; ${head('p')} *out = p;`,
    ({ tail }) => `T q = NULL; giver(&q); ${tail('q')}`,
  ),
  giving(
    'made in an out-parameter',
    'void',
    'T *out',
    ({ head }) => head('(*out)'),
    ({ tail }) => `T q = NULL; giver(&q); ${tail('q')}`,
    {
      not: ['local', 'dangling after'],
    },
  ),
  giving(
    'an out-parameter beside a status',
    'int',
    'T *out',
    ({ head }) => `T p = NULL; ${head('p')} *out = p; return 0;`,
    ({ tail }) => `T q; if (giver(&q) != 0) exit(1); ${tail('q')}`,
  ),
  giving(
    'a returned structure',
    'struct box',
    'void',
    ({ head }) => `struct box b = { 1, NULL }; ${head('b.item')} return b;`,
    ({ tail }) => `struct box c = giver(); ${tail('c.item')}`,
    {
      types: 'struct box { int count; T item; };',
    },
  ),
  giving(
    'a structure that is filled',
    'void',
    'struct box *b',
    ({ head }) => `b->count = 1; ${head('b->item')}`,
    ({ tail }) => `struct box c = { 0, NULL }; giver(&c); ${tail('c.item')}`,
    {
      types: 'struct box { int count; T item; };',
      not: ['local', 'dangling after'],
    },
  ),
  giving(
    'handed through',
    'T',
    'T q',
    ({ head: _ }) => 'return q;',
    ({ head, tail }) => `T p = NULL; ${head('p')} T q = giver(p); ${tail('q')}`,
    {
      not: ['dangling after'],
    },
  ),
  {
    name: 'returned from another file',
    calls: true,
    not: ['local', 'dangling after'],
    write: (flow) => {
      const type = `${flow.element} *`;
      return [
        `${type}giver(void)\n{\n    ${flow.begin}\n    ${type}p = NULL; ${flow.head('p')} return p;\n}\n`,
        `${type}giver(void);\n${mainFunction(flow, `${type}q = giver(); ${flow.tail('q')}`)}`,
      ];
    },
  },
  shared('a static variable of the file', false, 'static '),
  shared('a global variable', false, ''),
  shared('a global variable of another file', true, ''),
];
