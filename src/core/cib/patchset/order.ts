/**
 * Of numbers that are all different, which to leave where they are (as indexes) so that the fewest must move for
 * all to stand in rising order: a longest rising subsequence.
 */
export function orderKept(numbers: readonly number[]): ReadonlySet<number> {
  const tails: number[] = [];
  const previous: (number | undefined)[] = [];
  for (const [at, number] of numbers.entries()) {
    const place = firstAtLeast(tails, numbers, number);
    previous[at] = place > 0 ? tails[place - 1] : undefined;
    tails[place] = at;
  }
  const kept = new Set<number>();
  for (let at = tails.at(-1); at !== undefined; at = previous[at]) kept.add(at);
  return kept;
}

function firstAtLeast(tails: readonly number[], numbers: readonly number[], number: number): number {
  let [low, high] = [0, tails.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[tails[middle] as number] as number) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
