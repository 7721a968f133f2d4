import apr from './apr.json' with { type: 'json' };
import curl from './curl.json' with { type: 'json' };
import freertos from './freertos.json' with { type: 'json' };
import type { BoundedBuffer, StringCopy } from './function-model.ts';
import git from './git.json' with { type: 'json' };
import glib from './glib.json' with { type: 'json' };
import glibContainers from './glib-containers.json' with { type: 'json' };
import jemalloc from './jemalloc.json' with { type: 'json' };
import libc from './libc.json' with { type: 'json' };
import libuv from './libuv.json' with { type: 'json' };
import libxml2 from './libxml2.json' with { type: 'json' };
import linuxKernel from './linux-kernel.json' with { type: 'json' };
import lua from './lua.json' with { type: 'json' };
import openssl from './openssl.json' with { type: 'json' };
import otherLibraries from './other-libraries.json' with { type: 'json' };
import posix from './posix.json' with { type: 'json' };
import postgresql from './postgresql.json' with { type: 'json' };
import sdl from './sdl.json' with { type: 'json' };
import sizes from './sizes.json' with { type: 'json' };
import sqlite from './sqlite.json' with { type: 'json' };
import systemd from './systemd.json' with { type: 'json' };
import talloc from './talloc.json' with { type: 'json' };
import windows from './windows.json' with { type: 'json' };
import zlib from './zlib.json' with { type: 'json' };

/** An allocator's entry: what it is not said to do differently is as in its family. */
interface AllocatorEntry {
  readonly nullable?: boolean;
  readonly content?: string;
  readonly arena?: number;
  readonly dereferences?: readonly number[];
  /** Arguments whose memory is read, unless they are NULL. */
  readonly mayRead?: readonly number[];
  /** Allocates only where this argument, a buffer, is NULL. */
  readonly whenNull?: number;
  /** How many parameters it has, where other functions of its name are about. */
  readonly parameters?: number;
}

interface DeallocatorEntry {
  /** The argument's position; 0 where it is not said. */
  readonly argument?: number;
  /** How many it has; as many as the position asks for where it is not said. */
  readonly parameters?: number;
  readonly isIndirect?: boolean;
  readonly clears?: boolean;
  readonly isAnyFamily?: boolean;
  readonly isCounted?: boolean;
  readonly returnsNull?: boolean;
}

interface FamilyEntry {
  readonly accepts?: readonly string[];
  readonly kind?: string;
  readonly leaks?: boolean;
  /** False for what is more than memory, as a stream is. */
  readonly memory?: boolean;
  /** Why an allocator of what is more than memory gives NULL: users meet that every day, and programs have to look. */
  readonly failure?: string;
  readonly nullable?: boolean;
  readonly content?: string;
  readonly allocators?: Readonly<Record<string, AllocatorEntry>>;
  readonly reallocators?: Readonly<
    Record<string, { readonly argument?: number; readonly freesOnFailure?: boolean } & AllocatorEntry>
  >;
  readonly deallocators?: Readonly<Record<string, DeallocatorEntry>>;
  readonly outAllocators?: Readonly<
    Record<
      string,
      {
        readonly argument: number;
        readonly success: string;
        readonly failsBelowZero?: boolean;
        readonly replaces?: boolean;
      } & AllocatorEntry
    >
  >;
}

/** What one library's functions do to memory. `model-table.schema.json` describes the files. */
export interface ModelTable {
  readonly library: string;
  /** The public documentation that the table was written from. */
  readonly manual: string;
  readonly families?: Readonly<Record<string, FamilyEntry>>;
  /** Functions that end an arena, with the argument that is the arena. */
  readonly arenaEnds?: Readonly<Record<string, number>>;
  /** The arguments whose product is the size that an allocator is asked for. */
  readonly sizes?: Readonly<Record<string, readonly number[]>>;
  /** Functions that return the length of a string. */
  readonly measures?: Readonly<Record<string, number>>;
  readonly bounded?: Readonly<Record<string, BoundedBuffer>>;
  readonly copies?: Readonly<Record<string, StringCopy>>;
  readonly sizedBuffers?: Readonly<Record<string, { readonly argument: number; readonly size: number }>>;
  readonly noreturn?: Readonly<Record<string, string>>;
  readonly returnsArgument?: Readonly<Record<string, number>>;
  readonly returnsArgumentOrNull?: Readonly<Record<string, number>>;
  readonly interior?: Readonly<Record<string, number>>;
  /** Functions that tell whether their first argument is an error's number in place of a pointer. */
  readonly errorPointers?: Readonly<Record<string, string>>;
  /** Where one of these functions fails, and only there, it leaves an object where this argument points, unless that is NULL. */
  readonly errors?: Readonly<Record<string, number>>;
  /** Functions that do so whenever they are called. */
  readonly alwaysErrors?: Readonly<Record<string, number>>;
  readonly writes?: Readonly<Record<string, readonly number[]>>;
  readonly dereferences?: Readonly<Record<string, readonly number[]>>;
  /** Functions that write behind what is already there. */
  readonly appends?: Readonly<Record<string, readonly number[]>>;
  readonly keeps?: Readonly<Record<string, readonly number[]>>;
  /** The places of texts of which the first part is returned. */
  readonly separates?: Readonly<Record<string, number>>;
  /** Structures in which the system answers: the pointers in them stay. */
  readonly exchanges?: Readonly<Record<string, readonly number[]>>;
  /** The argument that says how many bytes or elements are read or written. */
  readonly bytes?: Readonly<Record<string, number>>;
  /** The argument that is a format in the manner of printf. */
  readonly formats?: Readonly<Record<string, number>>;
  /** The argument that is a format in the manner of scanf. */
  readonly scans?: Readonly<Record<string, number>>;
  /** Functions that say that control never comes to them, and return where it does. */
  readonly unreached?: readonly string[];
  readonly returnsNonNull?: readonly string[];
  /** Functions that return -1 where they fail, and else nothing negative. */
  readonly failsWithMinusOne?: readonly string[];
  /** Functions of which the arguments alone decide what they answer. */
  readonly constant?: readonly string[];
  /** Functions that answer the same until what their arguments point to changes, or what they ask the system for. */
  readonly pure?: readonly string[];
  /** Functions that answer 0 for all numbers below this one, and above the other, if there is one. */
  readonly holdsFor?: Readonly<Record<string, readonly number[]>>;
  /** Functions that answer 0 where the two strings that they are given first are equal. */
  readonly compares?: Readonly<Record<string, { readonly limit?: number; readonly ignoresCase?: boolean }>>;
  /** The argument that is a stream which the function reads or moves. */
  readonly advances?: Readonly<Record<string, number>>;
  readonly harmless?: readonly string[];
}

/** Of ISO C, POSIX and what comes with them: the one has what most programs use, the other the rest. */
export const librariesOfC: readonly ModelTable[] = [libc as ModelTable, posix as ModelTable];

/** The tables that are shipped; no name has two meanings in them. */
export const modelTables: readonly ModelTable[] = [
  ...librariesOfC,
  sizes as ModelTable,
  apr as ModelTable,
  curl as ModelTable,
  freertos as ModelTable,
  git as ModelTable,
  glib as ModelTable,
  glibContainers as ModelTable,
  jemalloc as ModelTable,
  libuv as ModelTable,
  libxml2 as ModelTable,
  linuxKernel as ModelTable,
  lua as ModelTable,
  openssl as ModelTable,
  otherLibraries as ModelTable,
  postgresql as ModelTable,
  sdl as ModelTable,
  sqlite as ModelTable,
  systemd as ModelTable,
  talloc as ModelTable,
  windows as ModelTable,
  zlib as ModelTable,
];
