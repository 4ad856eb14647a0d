/** As many pieces are under way at one time: more would only make each slower. */
let free = 2;
const waiting: (() => void)[] = [];

/** Does the work when it is its turn. */
export async function turn<T>(work: () => Promise<T>): Promise<T> {
  if (free > 0) free--;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else free++;
  }
}
