import { defaultConfiguration } from '../../../server/src/workspace/configuration.ts';
import { Project } from '../../../server/src/workspace/project.ts';
import { testGrammar } from '../grammar.ts';
import { type Composition, compose, fits, type Position, type Variant } from './compose.ts';
import { controlCarriers } from './control-carriers.ts';
import { dataCarriers } from './data-carriers.ts';
import { kernels } from './kernels.ts';

/*
 * What the analysis says of compositions, as tables in Markdown.
 */

const grammar = await testGrammar();
const [direct] = dataCarriers;
const [plain] = controlCarriers;

/** The findings of a program, each as its rule and severity. */
export async function findingsOf(composition: Composition): Promise<string[]> {
  const files = new Map(compose(composition).map((text, number) => [`/program/${number}.c`, text]));
  const environment = { grammar, configuration: defaultConfiguration, readText: (file: string) => files.get(file) };
  const project = new Project(environment);
  for (const [file, text] of files) project.indexFile(file, text);
  const found: string[] = [];
  for (const [file, text] of files) {
    project.openDocument(file, text);
    const { findings, health } = await project.check(file);
    if (health.functionsWithErrors > 0) throw new Error(`not understood:\n${text}`);
    for (const { rule, severity } of findings) found.push(`${rule}[${severity}]`);
  }
  return found;
}

/**
 * One character for one variant: `.` is right, `-` is missed, `+` has a finding beside the right one, and `!` is a false
 * alarm, in a corrected twin or by another rule.
 */
async function verdict(composition: Composition): Promise<string> {
  const found = await findingsOf(composition);
  if (composition.variant !== 'bug') return found.length === 0 ? '.' : '!';
  if (found.length === 0) return '-';
  const isRight = (finding: string): boolean =>
    composition.kernel.rules.some((rule) => finding === `${rule}[warning]` || finding === `${rule}[error]`);
  if (!found.some(isRight)) return '!';
  return found.length === 1 ? '.' : '+';
}

const known = new Map<string, string>();

/** All variants and positions of one cell; '' where the carriers do not fit the kernel. */
async function cell(
  parts: Omit<Composition, 'position' | 'variant'>,
  positions: readonly Position[],
  variants: readonly Variant[],
): Promise<string> {
  const key = [parts.kernel.name, parts.control.name, parts.data.name].join('/');
  const text = known.get(key) ?? (await verdicts(parts, positions, variants));
  known.set(key, text);
  return text;
}

async function verdicts(
  parts: Omit<Composition, 'position' | 'variant'>,
  positions: readonly Position[],
  variants: readonly Variant[],
): Promise<string> {
  let text = '';
  for (const position of positions) {
    for (const variant of position === positions[0] ? variants : variants.slice(0, 1)) {
      const composition = { ...parts, position, variant };
      // The twin with the error on a dead way holds the corrected text as well.
      const isCovered = variant === 'correct' && variants.includes('dead') && fits({ ...composition, variant: 'dead' });
      if (!isCovered && fits(composition)) text += await verdict(composition);
    }
  }
  return /^\.*$/.test(text) ? text && '.' : text;
}

function table(corner: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [[corner, ...columns], columns.map(() => '---').concat('---'), ...rows];
  return `${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}\n`;
}

const positions: readonly Position[] = ['make', 'event', 'alias', 'back'];
const controlVariants: readonly Variant[] = ['bug', 'correct', 'dead'];
const numbers = kernels.map((_, index) => String(index + 1));

/** Each control carrier with each kernel: the error, and its corrected twin with the error on a dead way where there is one. */
export async function controlMatrix(): Promise<string> {
  const rows: string[][] = [];
  for (const control of controlCarriers) {
    const cells: string[] = [];
    for (const kernel of kernels) cells.push(await cell({ kernel, control, data: direct }, ['make'], controlVariants));
    rows.push([control.name, ...cells]);
  }
  return table('control', numbers, rows);
}

/** Each data carrier with each kernel, in all positions that fit: the error, and its corrected twin in the first. */
export async function dataMatrix(): Promise<string> {
  const rows: string[][] = [];
  for (const data of dataCarriers) {
    const cells: string[] = [];
    for (const kernel of kernels)
      cells.push(await cell({ kernel, control: plain, data }, positions, ['bug', 'correct']));
    rows.push([data.name, ...cells]);
  }
  return table('data', numbers, rows);
}

/**
 * Pairs of carriers, each with one kernel: of those that are right with either carrier alone, so that what is listed is
 * the fault of the pair. Every third pair, and another kernel in each.
 */
export async function pairList(): Promise<string> {
  const wrong: string[] = [];
  let count = 0;
  for (const [row, control] of controlCarriers.entries()) {
    for (const [column, data] of dataCarriers.entries()) {
      if (row === 0 || column === 0 || (row + column) % 3 !== 0) continue;
      const kernel = kernels[(row * 7 + column * 3) % kernels.length];
      if (!fits({ kernel, control, data, position: 'make', variant: 'bug' })) continue;
      const alone = [
        await cell({ kernel, control, data: direct }, ['make'], controlVariants),
        await cell({ kernel, control: plain, data }, positions, ['bug', 'correct']),
      ];
      if (alone.some((text) => text !== '.')) continue;
      count++;
      const text = await cell({ kernel, control, data }, ['make'], controlVariants);
      if (text !== '.') wrong.push(`| ${control.name} | ${data.name} | ${kernel.name} | ${text} |`);
    }
  }
  const lines = ['| control | data | kernel | says |', '|---|---|---|---|', ...wrong];
  return `${count} pairs, of which these are wrong:\n\n${lines.join('\n')}\n`;
}

/** What the numbers of the columns stand for. */
export function kernelList(): string {
  return kernels.map(({ name, rules }, index) => `${index + 1}. ${name}: \`${rules.join('` or `')}\`\n`).join('');
}
