import picocolors from 'picocolors';
import type { Colors } from 'picocolors/types';

/**
 * The colours of a report.
 * @param isTerminal Whether it goes to a terminal.
 * @param wanted What the command line says; undefined: as the terminal and the environment have it.
 */
export function reportColors(isTerminal: boolean, wanted: boolean | undefined): Colors {
  return picocolors.createColors(wanted ?? wantsColor(isTerminal));
}

/** NO_COLOR and FORCE_COLOR as no-color.org and force-color.org have it: set and not empty. */
function wantsColor(isTerminal: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0';
  return isTerminal && TERM !== 'dumb';
}
