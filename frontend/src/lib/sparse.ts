/** Rows of a long list of which only some are known, by their index. */
export type Sparse<T> = Map<number, T>;

/** Takes rows out and closes the gaps; unknown rows move up with the others. */
export function without<T>(rows: Sparse<T>, indices: number[]): Sparse<T> {
  const gone = [...indices].sort((a, b) => a - b);
  const result: Sparse<T> = new Map();
  for (const [index, row] of rows) {
    const before = lowerBound(gone, index);
    if (gone[before] === index) continue;
    result.set(index - before, row);
  }
  return result;
}

/** Puts rows back at the indices they had: the inverse of `without`. */
export function withRows<T>(rows: Sparse<T>, back: Sparse<T>): Sparse<T> {
  const places = [...back.keys()].sort((a, b) => a - b);
  const result: Sparse<T> = new Map();
  for (const [index, row] of rows) {
    let moved = index;
    for (const place of places) {
      if (place <= moved) moved++;
      else break;
    }
    result.set(moved, row);
  }
  for (const [index, row] of back) result.set(index, row);
  return result;
}

/** Makes room for new rows at the top. */
export function prepended<T>(rows: Sparse<T>, fresh: T[]): Sparse<T> {
  const result: Sparse<T> = new Map(fresh.map((row, index) => [index, row]));
  for (const [index, row] of rows) result.set(index + fresh.length, row);
  return result;
}

function lowerBound(sorted: number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
