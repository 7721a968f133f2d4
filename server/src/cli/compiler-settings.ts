import v8 from 'node:v8';

/**
 * V8 compiles in threads of its own what runs often, and copies callees into their callers for it, up to 920 bytes of code for each.
 * A check ends before that pays: with 200 the same files take an eighth less of processor time, most of it where cores are few.
 */
const MAXIMUM_INLINED_CODE = 200;

/**
 * A long function of many rare cases is compiled anew whenever one of them comes for the first time: the three longest twenty times each in
 * a check of 138,000 lines, which is a third of all compiling. They run no slower as V8's quick compiler leaves them.
 */
const MAXIMUM_OPTIMISED_CODE = 2500;

/** Sets what V8 does with the code of a check. It reads the flags with each function that it compiles. */
export function setCompilerFlags(): void {
  v8.setFlagsFromString(`--max-inlined-bytecode-size-cumulative=${MAXIMUM_INLINED_CODE}`);
  v8.setFlagsFromString(`--max-optimized-bytecode-size=${MAXIMUM_OPTIMISED_CODE}`);
  // A copy of each loop's first turn makes the loops no faster here, and is code to compile.
  v8.setFlagsFromString('--no-turbo-loop-peeling');
}
