/** Names in capitals are macros nearly everywhere. */
export function isUpperCase(name: string): boolean {
  return name === name.toUpperCase() && name !== name.toLowerCase();
}

/** Capitals, or a library's prefix in front of them: `Py_END_ALLOW_THREADS`. */
export function isMacroName(name: string): boolean {
  return isUpperCase(name) || /^[A-Z][a-z]{0,3}_[A-Z0-9]+_[A-Z0-9_]+$/.test(name);
}
