/**
 * Questions about a whole file's text. The findings of one file ask the same ones over and over, and every answer costs a
 * walk over the text, so they are kept for as long as the same text is asked about.
 */
export class FileText {
  readonly text: string;
  readonly #answers = new Map<string, boolean>();
  #macros: Set<string> | undefined;

  private constructor(text: string) {
    this.text = text;
  }

  static #latest = new FileText('');

  static of(text: string): FileText {
    if (FileText.#latest.text !== text) FileText.#latest = new FileText(text);
    return FileText.#latest;
  }

  /** True when the pattern, which must not be global or sticky, is found somewhere. */
  has(pattern: RegExp): boolean {
    const key = `${pattern.flags}/${pattern.source}`;
    let answer = this.#answers.get(key);
    if (answer === undefined) {
      answer = pattern.test(this.text);
      this.#answers.set(key, answer);
    }
    return answer;
  }

  /** True when a line of the file defines a macro of that name. */
  definesMacro(name: string): boolean {
    this.#macros ??= new Set([...this.text.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)/gm)].map((match) => match[1]));
    return this.#macros.has(name);
  }
}
