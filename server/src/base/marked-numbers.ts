/** A set of small integers that is emptied at no cost: the members carry the number of the filling that they belong to. */
export class MarkedNumbers {
  readonly #marks: number[] = [];
  #filling = 1;

  clear(): void {
    this.#filling++;
  }

  has(number: number): boolean {
    return this.#marks[number] === this.#filling;
  }

  add(number: number): void {
    while (this.#marks.length <= number) this.#marks.push(0);
    this.#marks[number] = this.#filling;
  }
}
