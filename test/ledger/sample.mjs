// Draws the findings of the ledger. Usage: node sample.mjs SEED PROJECT=VERSION=REPORT...
// A report is what `ritual check --format json` printed in the project's folder. Prints one finding a line, as JSON, in the order
// in which they are to be read; the same reports and seed give the same sample.
import { readFileSync } from 'node:fs';

const SIZE = 260;
/** At most so many of the rule that has the most findings and says the same of each. */
const MOST_OF_ONE_RULE = { rule: 'missing-null-check', count: 100 };

const [seedText, ...projects] = process.argv.slice(2);
const random = generator(Number(seedText));
const findings = projects.flatMap((argument) => {
  const [project, version, report] = argument.split('=');
  return JSON.parse(readFileSync(report, 'utf8'))
    .findings.filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(({ file, range, rule, severity, function: name, message }) => {
      return { project, version, file, line: range.start.line, rule, severity, function: name, message };
    });
});
const keyOf = ({ project, file, line, rule, message }) => JSON.stringify([project, file, line, rule, message]);
findings.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));

const isFrequent = ({ rule }) => rule === MOST_OF_ONE_RULE.rule;
const frequent = shuffled(findings.filter(isFrequent)).slice(0, MOST_OF_ONE_RULE.count);
const others = shuffled(findings.filter((each) => !isFrequent(each))).slice(0, SIZE - frequent.length);
for (const finding of shuffled([...frequent, ...others])) console.log(JSON.stringify(finding));

function shuffled(list) {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [copy[i], copy[j]] = [copy[j], copy[i]];
  }
  return copy;
}

/** Mulberry32: numbers in [0, 1) from a seed of 32 bits. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
