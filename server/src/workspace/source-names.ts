const cppSource = /\.(?:cc|cpp|cxx|c\+\+)$/i;

/**
 * The language of the headers called `.h` in a folder with these entries: C, unless it holds C++ sources and no C ones. A header
 * with a name of C++ (`.hpp`) is no evidence: it stands beside those of C that it wraps.
 */
export function headerLanguage(names: readonly string[]): 'c' | 'cpp' {
  return names.some((name) => cppSource.test(name)) && !names.some((name) => name.endsWith('.c')) ? 'cpp' : 'c';
}

/** Orders paths and names by code units: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
