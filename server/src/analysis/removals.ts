import type { Handover } from './beliefs.ts';

/*
 * What was put into an object and taken out again, by the names of the calls: that it is freed behind that says nothing of what stays in.
 */

/** Functions of such names take out of an object what another function put in: what is released behind them is what came out. */
const REMOVING =
  /(?<![A-Za-z])(?:remove|delete|del|erase|unlink|detach|unregister|deregister|unset|withdraw|cancel|pop|dequeue|take|steal)(?![a-z])|(?<=[a-z])(?:Remove|Delete|Erase|Unlink|Detach|Unregister|Unset|Cancel|Pop|Take|Steal)(?![a-z])/;
/** And those that put it there. */
const PUTTING =
  /(?<![A-Za-z])(?:insert|add|put|push|register|set|attach|append|prepend|enqueue|store|link|queue|schedule|replace)(?![a-z])|(?<=[a-z])(?:Insert|Add|Put|Push|Register|Set|Attach|Append|Prepend|Store|Link|Queue|Schedule)(?![a-z])/;

/** The function takes something out of an object, by its name. */
export const isRemoval = (name: string): boolean => REMOVING.test(name);

/** `map_remove` takes out what `map_insert` put in: both have one name in front of what they do. */
export function isRemovalOf(removal: string, putting: string): boolean {
  const end = REMOVING.exec(removal)?.index ?? 0;
  return end > 1 && PUTTING.exec(putting)?.index === end && putting.startsWith(removal.slice(0, end));
}

/** On the path that loses it the memory is in an object, from which the release on another path had taken it first. */
export function isStillPut(list: readonly Handover[], known: readonly Handover[]): boolean {
  return list.some((put) => {
    const undoes = ({ site }: Handover): boolean => isRemovalOf(site.callee, put.site.callee);
    const released = known.find(({ site }) => site.id === put.site.id);
    // What was refused is not there.
    return released?.outcome === put.outcome && known.some(undoes) && !list.some(undoes);
  });
}
