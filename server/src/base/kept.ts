/*
 * What is worked out once and kept.
 */

/** A function of an object that is worked out once for each, and kept for as long as the object is. */
export function keptPer<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, Value>();
  return (key) => {
    const value = known.get(key);
    if (value !== undefined || known.has(key)) return value!;
    const made = make(key);
    known.set(key, made);
    return made;
  };
}

/** What a map has for a key, or what is made and kept there. */
export function keptIn<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = map.get(key);
  if (value !== undefined || map.has(key)) return value!;
  const made = make();
  map.set(key, made);
  return made;
}
