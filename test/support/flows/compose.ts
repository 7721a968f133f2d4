import type { ControlCarrier } from './control-carriers.ts';
import type { DataCarrier, Flow } from './data-carriers.ts';
import type { Kernel } from './kernels.ts';

/**
 * Where the data carrier stands: behind `make`, behind `event`, or behind `make` and the event happens under the first of the
 * two names (`alias`), or in the callee, and the misuse is the caller's (`back`).
 */
export type Position = 'make' | 'event' | 'alias' | 'back';
/** `bug`; `correct`: its corrected twin; `dead`: the twin in which the misuse is written but never executed. */
export type Variant = 'bug' | 'correct' | 'dead';

export interface Composition {
  readonly kernel: Kernel;
  readonly control: ControlCarrier;
  readonly data: DataCarrier;
  readonly position: Position;
  readonly variant: Variant;
}

const prologue = `#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
void record(int value);
char *lookup(void);
void ticket_drop(char *ticket);
__attribute__((malloc(ticket_drop, 1), returns_nonnull)) char *ticket_take(void);
extern const char *word;
extern char *kept;
`;

/** Whether this carrier can stand at this position of the kernel. */
export function fits({ kernel, data, control, position, variant }: Composition): boolean {
  if (variant === 'dead' && (!control.dead || kernel.omission || (control.open && kernel.without === undefined)))
    return false;
  if (position !== 'make' && !kernel.event) return false;
  if (control.open && data.calls) return false;
  const traits: readonly string[] = kernel.traits;
  const not = data.not ?? [];
  if (traits.some((trait) => not.includes(trait))) return false;
  if (traits.includes('unset') && data.name !== 'none') return false;
  if (position === 'event' && traits.includes('dangling') && not.includes('dangling after')) return false;
  if (position === 'alias') return data.origin !== undefined && !traits.includes('renewed');
  return position !== 'back' || (data.comesBack === true && !traits.includes('renewed') && !traits.includes('tested'));
}

/** The files of the program. */
export function compose({ kernel, control, data, position, variant }: Composition): readonly string[] {
  let number = 0;
  const put = (text: string, place: string) => text.replaceAll('$', place);
  const taken = (text: string) => (text ? `${control.taken(text, ++number)}\n    ` : '');
  const dead = (text: string) => (text && control.dead ? `${control.dead(text, ++number)}\n    ` : '');
  const misuse = () => {
    if (variant === 'bug') return taken(kernel.misuse) + (kernel.omission ? dead(kernel.correct) : '');
    // Where the condition may hold or not, the other way needs what stands there, too.
    const other = control.open ? (kernel.without ?? '') : kernel.misuse;
    return (variant === 'dead' ? dead(other) : '') + taken(kernel.correct);
  };
  const behind = () => misuse() + taken(kernel.finish) + end;
  const traits: readonly string[] = kernel.traits;
  const returns = traits.includes('returns');
  const end = returns ? 'return NULL;' : '';
  const make = () => {
    const made = statements(kernel.make);
    return declarations(kernel.make) + (variant === 'dead' && control.open ? `${made} ` : taken(made));
  };
  const type = `${kernel.element} *`;
  const event = (place: string) => put(taken(kernel.event), place);
  const flow: Flow = {
    element: kernel.element,
    begin: control.begin ?? '',
    parameters: control.parameters ?? '',
    result: returns ? type : 'void',
    initial: traits.includes('unset') ? '' : ' = NULL',
    head: (place) => put(make(), place) + (position === 'event' ? event(place) : ''),
    tail: (place, origin = place) => {
      if (position === 'back') return event(place);
      const before = position === 'event' ? '' : event(position === 'alias' ? origin : place);
      return before + put(behind(), place);
    },
    after: (place) => (position === 'back' ? put(behind(), place) : ''),
  };
  const files = data.write(flow).map((text) => `${prologue}${control.file ?? ''}\n${text}`);
  return control.other ? [...files, control.other] : files;
}

/** Declarations of arrays stand outside the control carrier. */
const declaration = /^(static )?char room\[16\];/;
const declarations = (make: string) => declaration.exec(make)?.[0].concat(' ') ?? '';
const statements = (make: string) => make.replace(declaration, '').trim();
