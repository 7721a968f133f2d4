import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { fixCases } from '../support/fix-cases.ts';

/** What gcc says of a text; nothing when it compiles. */
function complaints(text: string, ...options: string[]): string {
  const { status, stderr, error } = spawnSync(
    'gcc',
    [...options, '-Wall', '-Wno-unused-variable', '-fsyntax-only', '-x', 'c', '-'],
    { input: text, encoding: 'utf8' },
  );
  if (error) throw error;
  return status === 0 ? '' : stderr;
}

test.each(fixCases().filter(({ after }) => after !== undefined))('$rule: $title compiles before and after', (entry) => {
  const options = entry.title.startsWith('C89')
    ? ['-std=gnu89', '-Werror=declaration-after-statement']
    : ['-std=gnu17'];
  expect(complaints(entry.before, ...options)).toBe('');
  expect(complaints(entry.after!, ...options)).toBe('');
});
