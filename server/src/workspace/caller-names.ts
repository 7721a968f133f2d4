/** Who calls whom, or asks what another's body does, by name alone: of two functions with one name each counts for both. */
export class CallerNames {
  /** By the name of a function: those whose work rests on it. They stay: one too many costs a question. */
  readonly #askers = new Map<string, Set<string>>();

  add(callee: string, caller: string): void {
    const known = this.#askers.get(callee);
    if (known) known.add(caller);
    else this.#askers.set(callee, new Set([caller]));
  }

  /** Functions, those that rest on them, those that rest on these, and so on. */
  reaching(names: readonly string[]): ReadonlySet<string> {
    const reached = new Set(names);
    // A set hands out what is added to it meanwhile.
    for (const each of reached) for (const caller of this.#askers.get(each) ?? []) reached.add(caller);
    return reached;
  }
}
