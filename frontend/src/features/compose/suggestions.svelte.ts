import { client, must } from '../../api/client.ts';
import type { Person } from '../../lib/addresses.ts';

type Find = (text: string, signal: AbortSignal) => Promise<Person[]>;

const MOST = 8;

const find: Find = async (q, signal) => {
  const query = { limit: MOST, ...(q ? { q } : {}) };
  const page = await must(client.GET('/contacts', { params: { query }, signal }));
  return page.items.map(({ name, email }) => ({ name, email }));
};

/** Who may be meant by what is typed. Asked for a moment after the last key; what comes too late is given up. */
export class Suggestions {
  people: Person[] = $state.raw([]);
  /** What they were looked up for: what is typed meanwhile may mean somebody else. */
  text = $state('');
  #find: Find;
  #pause: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked: AbortController | undefined;

  constructor(how: Find = find, pause = 60) {
    this.#find = how;
    this.#pause = pause;
  }

  /** Looks for whom the text may mean; an empty one means anybody. Those there are stay until then. */
  look(text: string): void {
    this.#stop();
    const asked = new AbortController();
    this.#asked = asked;
    this.#timer = setTimeout(async () => {
      // Having nothing to suggest is no reason to disturb who writes.
      const found = await this.#find(text, asked.signal).catch(() => []);
      if (asked.signal.aborted) return;
      this.people = found;
      this.text = text;
    }, this.#pause);
  }

  close(): void {
    this.#stop();
    this.people = [];
    this.text = '';
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#asked?.abort();
  }
}
