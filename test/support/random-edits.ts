/** A linear congruential generator: the same numbers on every run and machine. */
export function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const snippets = [
  '{',
  '}',
  '(',
  ')',
  ';',
  '"',
  "'",
  '\n',
  '/*',
  '*/',
  '//',
  '#if 0\n',
  '#ifdef SMALL\n',
  '#else\n',
  '#endif\n',
  '\\\n',
  '#define COUNT 0\n',
  '#define drop(p) free(p)\n',
  '#define RELEASE(p) drop(p)\n',
  '#undef SMALL\n',
  'free(item);',
  'return;',
  'int x = FIRST;',
  'void extra(void *p)\n{\n    free(p);\n}\n',
  'static ',
  '0',
  'x',
  '\n}\n',
  '\r\n',
]; // prettier-ignore

/** Texts after one random edit each; now and then an edit is taken back, as people do. */
export function* editedTexts(text: string, random: (limit: number) => number, count: number): Generator<string> {
  let current = text;
  const history: string[] = [];
  for (let i = 0; i < count; i++) {
    const at = random(current.length + 1);
    const choice = random(10);
    if (choice < 5 && history.length > 0) {
      current = history.pop()!;
    } else {
      history.push(current);
      if (choice < 7) current = current.slice(0, at) + current.slice(Math.min(current.length, at + 1 + random(12)));
      else if (choice < 8) {
        // One bracket, number or semicolon goes.
        const found = current.slice(at).search(/[{}();0-9]/);
        if (found >= 0) current = current.slice(0, at + found) + current.slice(at + found + 1);
      } else current = current.slice(0, at) + snippets[random(snippets.length)] + current.slice(at);
    }
    yield current;
  }
}
