import { expect, test } from 'vitest';
import { controlMatrix, dataMatrix, kernelList, pairList } from '../support/flows/matrix.ts';

/*
 * Every heap error is found however the pointer and the condition travel: programs are composed of a kernel (the error), a
 * control carrier (how it is said that a statement is executed) and a data carrier (how the pointer gets to where it is
 * used), each with its corrected twin. What is right and what is not stands in the Markdown beside: a new mark there that is
 * no dot is a loss. `npx vitest run test/unit/flow-matrix.test.ts -u` writes it again.
 */
test('what is found of each error through each carrier', async () => {
  const text = `# Flows of errors

Written by test/unit/flow-matrix.test.ts. FIXME: whatever is no dot. A cell has one dot where all is right, and else a character
for each program: \`-\` an error that is missed, \`!\` a false alarm, \`+\` a finding beside the right one. It is empty where the
carrier does not fit.

Errors:

${kernelList()}
## How control goes

The error, and its corrected twin in which the error stands where control never comes.

${await controlMatrix()}
## How the pointer goes

The error and its corrected twin, with the carrier behind the allocation; then the error with the carrier behind the event
(the free, the test), under another name, and with the event in the callee.

${await dataMatrix()}
## Both

Every third pair of carriers, with an error that is right with either alone. ${await pairList()}`;
  await expect(text).toMatchFileSnapshot('../fixtures/flow-matrix.md');
}, 180_000);
