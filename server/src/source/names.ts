/** Names in capitals are macros nearly everywhere. */
export function isUpperCase(name: string): boolean {
  return name === name.toUpperCase() && name !== name.toLowerCase();
}

/** Capitals, or a library's prefix in front of them: `Py_END_ALLOW_THREADS`. */
export function isMacroName(name: string): boolean {
  return isUpperCase(name) || /^[A-Z][a-z]{0,3}_[A-Z0-9]+_[A-Z0-9_]+$/.test(name);
}

const CLEANUP_WORD =
  /(?:^|_)(?:auto(?:v|p|g)?(?:free|ptr|close|closedir|fclose|pclose|unref|clean|cleanup|clear|release|destroy|delete|list|strv)?|cleanup|scoped)(?:_|$)|^__free$/i;

/**
 * True for a word that says of a variable, where nobody in sight defines it, that it is cleaned up where its scope ends: `auto_free`,
 * `_cleanup_text_`, `json_auto_t`, `VIR_AUTOFREE`.
 */
export function suggestsCleanup(name: string): boolean {
  return CLEANUP_WORD.test(name) && name !== '__auto_type';
}
