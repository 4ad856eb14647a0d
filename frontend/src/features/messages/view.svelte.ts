import { SvelteSet } from 'svelte/reactivity';
import type { Filter, MessageSummary } from '../../api/client.ts';
import type { SparseList } from '../../api/list.svelte.ts';

/** Where the reader is in a list and what they have picked. */
export class ListView {
  readonly list: SparseList;
  readonly mailboxId: string | undefined;
  readonly filter: Filter | undefined;
  cursor = $state(0);
  picked = new SvelteSet<string>();
  /** Picked is the whole view, also what was never loaded. */
  everything = $state(false);
  /** All that is loaded was picked at once: worth offering the rest. */
  loadedPicked = $state(false);
  #anchor = 0;

  constructor(list: SparseList, mailboxId?: string, filter?: Filter) {
    this.list = list;
    this.mailboxId = mailboxId;
    this.filter = filter;
  }

  get count(): number {
    return this.everything ? this.list.total : this.picked.size;
  }

  current(): MessageSummary | undefined {
    return this.list.at(this.cursor);
  }

  moveTo(index: number): void {
    this.cursor = Math.max(0, Math.min(index, this.list.total - 1));
  }

  toggle(index: number): void {
    const id = this.list.at(index)?.id;
    if (!id) return;
    this.everything = false;
    this.loadedPicked = false;
    this.#anchor = index;
    if (!this.picked.delete(id)) this.picked.add(id);
  }

  /** Picks from the last one picked to here, loading what was skipped. */
  async range(to: number): Promise<void> {
    const start = Math.min(this.#anchor, to);
    const end = Math.min(Math.max(this.#anchor, to), start + 9_999);
    await this.list.need({ start, end: end + 1 });
    for (const id of this.list.ids(start, end)) this.picked.add(id);
  }

  /** From a plain click on, a range starts here. */
  anchor(index: number): void {
    this.#anchor = index;
  }

  pickLoaded(): void {
    for (const id of this.list.ids(0, Math.min(this.list.total, 10_000) - 1)) this.picked.add(id);
    this.loadedPicked = true;
  }

  pickEverything(): void {
    this.everything = true;
  }

  clear(): void {
    this.picked.clear();
    this.everything = false;
    this.loadedPicked = false;
  }

  /** The messages an action is meant for: those picked, else the one given, else the one under the cursor. */
  targets(open?: MessageSummary): MessageSummary[] {
    if (this.picked.size > 0) return [...this.picked].flatMap((id) => this.list.find(id) ?? []);
    const one = open ?? this.current();
    return one ? [one] : [];
  }
}
