/** What is being asked for each thing, by its id. */
const asked = new Map<string, Promise<unknown>>();

/**
 * Asks once all that was asked before for any of these has been answered: two requests on their way at once may overtake
 * each other, and what was wished last has to be last at the server too.
 */
export function inOrder<T>(ids: string[], ask: () => Promise<T>): Promise<T> {
  const before = [...new Set(ids.flatMap((id) => asked.get(id) ?? []))];
  const answer = before.length === 0 ? ask() : Promise.allSettled(before).then(ask);
  for (const id of ids) asked.set(id, answer);
  const forget = () => {
    for (const id of ids) if (asked.get(id) === answer) asked.delete(id);
  };
  answer.then(forget, forget);
  return answer;
}
