/** The number of leading values below a limit, of ascending ones. */
export function lowerBound(values: ArrayLike<number>, length: number, limit: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
