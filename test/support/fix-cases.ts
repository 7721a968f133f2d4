import fs from 'node:fs';
import path from 'node:path';

/** A section of a fixture: a function before a fix, and after it if one is offered. */
export interface FixCase {
  readonly title: string;
  readonly rule: string;
  readonly before: string;
  readonly after: string | undefined;
  readonly safety: 'safe' | 'unsafe';
}

const folder = path.join(import.meta.dirname, '../fixtures/fixes');

/**
 * The sections of `test/fixtures/fixes/RULE.md`. The fence marked `prelude` stands in front of every text; a title may
 * ask for CRLF and say that the fix is unsafe; a section with one fence only is of code for which no fix is offered.
 */
export function fixCases(): FixCase[] {
  return fs
    .readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const [head, ...sections] = fs.readFileSync(path.join(folder, name), 'utf8').split(/^## /m);
      const prelude = /^```c prelude\n(.*?)^```$/ms.exec(head)![1];
      return sections.map((section): FixCase => {
        const title = section.slice(0, section.indexOf('\n'));
        const texts = [...section.matchAll(/^```c\n(.*?)^```$/gms)].map(([, text]) => {
          const whole = `${prelude}\n${text}`;
          return title.includes('CRLF') ? whole.replaceAll('\n', '\r\n') : whole;
        });
        if (texts.length === 0 || (texts.length === 1) !== title.startsWith('Not offered')) {
          throw new Error(`${name}: the section "${title}" is incomplete`);
        }
        return {
          title,
          rule: path.basename(name, '.md'),
          before: texts[0],
          after: texts[1],
          safety: title.includes('(unsafe)') ? 'unsafe' : 'safe',
        };
      });
    });
}
