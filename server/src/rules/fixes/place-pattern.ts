/** The text of a place (`s->name`, `a[i]`) as a regular expression. */
export function placePattern(place: string): string {
  return place.replace(/[^\w\s]/g, '\\$&');
}

/** The same where it stands as a whole, and not as the end or the beginning of a longer place. */
export function wholePlacePattern(place: string): string {
  return `(?<![\\w.>])${placePattern(place)}(?!\\w)`;
}
