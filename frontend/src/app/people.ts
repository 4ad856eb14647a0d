import type { MessageSummary } from '../api/client.ts';
import { eachList } from '../api/lists.ts';
import type { Person } from '../lib/addresses.ts';

/** Who wrote or was written to in what was looked at, the most frequent first: names to suggest while addressing. */
export function knownPeople(): Person[] {
  const seen = new Map<string, { person: Person; times: number }>();
  const add = (person: Person) => {
    const key = person.email.toLowerCase();
    const before = seen.get(key);
    seen.set(key, { person: before?.person.name ? before.person : person, times: (before?.times ?? 0) + 1 });
  };
  eachList((list) => {
    list.each((message: MessageSummary) => {
      for (const person of message.from) add(person);
      for (const person of message.to) add(person);
    });
  });
  return [...seen.values()].sort((a, b) => b.times - a.times).map(({ person }) => person);
}
