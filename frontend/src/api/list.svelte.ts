import { prepended, type Sparse, without, withRows } from '../lib/sparse.ts';
import { pagesToLoad, type Span } from '../lib/window.ts';
import { ApiError, type MessageSummary } from './client.ts';

export interface Page {
  items: MessageSummary[];
  total: number | null;
}

/** Fetches rows of a list from an offset on. */
export type Load = (offset: number, limit: number, signal: AbortSignal) => Promise<Page>;

const PAGE = 100;
const AT_ONCE = 3;

interface Row {
  message: MessageSummary;
  /** Rows of an earlier generation are shown, but fetched anew when they come into sight. */
  generation: number;
}

/** A long list of messages of which only what was looked at is known, in the order the server gives. */
export class SparseList {
  /** Bumped whenever a row changes; reading it makes a view follow. */
  version = $state(0);
  total = $state(0);
  loaded = $state(false);
  error = $state.raw<ApiError | undefined>();
  /** How many rows came in at the top since the list was made; views keep their place by it. */
  arrived = $state(0);

  readonly #load: Load;
  #rows: Sparse<Row> = new Map();
  #generation = 0;
  #shape = 0;
  #span: Span = { start: 0, end: PAGE };
  #loading = new Map<number, AbortController>();
  #hidden = new Set<string>();

  constructor(load: Load) {
    this.#load = load;
  }

  at(index: number): MessageSummary | undefined {
    return this.#rows.get(index)?.message;
  }

  indexOf(id: string): number {
    for (const [index, row] of this.#rows) if (row.message.id === id) return index;
    return -1;
  }

  find(id: string): MessageSummary | undefined {
    return this.at(this.indexOf(id));
  }

  each(visit: (message: MessageSummary) => void): void {
    for (const { message } of this.#rows.values()) visit(message);
  }

  ids(from: number, to: number): string[] {
    const ids: string[] = [];
    for (let index = from; index <= to; index++) {
      const message = this.at(index);
      if (message) ids.push(message.id);
    }
    return ids;
  }

  /** Tells what is in sight; what is not known of it is fetched, requests for what left sight are given up. */
  look(span: Span): void {
    this.#span = span;
    const first = Math.floor(span.start / PAGE);
    const last = Math.floor(Math.max(span.start, span.end - 1) / PAGE);
    for (const [page, request] of this.#loading) {
      if (page < first - 1 || page > last + 1) {
        request.abort();
        this.#loading.delete(page);
      }
    }
    this.#fetchMissing();
  }

  /** Loads a span whether it is in sight or not, as for selecting over rows nobody scrolled through. */
  async need(span: Span): Promise<void> {
    const pages = pagesToLoad(span, PAGE, (index) => !this.#rows.has(index));
    for (const page of pages) await this.#fetchPage(page);
  }

  /** Everything may have changed: what is in sight is fetched again, the rest when it is looked at. */
  invalidate(): void {
    this.#generation++;
    this.#cancel();
    this.#fetchMissing();
  }

  /** As `invalidate`, but nothing is fetched until somebody looks. */
  forget(): void {
    this.#generation++;
    this.#cancel();
  }

  /** Looks whether something came in at the top; in lists sorted by arrival only. */
  async checkTop(): Promise<void> {
    const first = this.at(0);
    const shape = this.#shape;
    if (!first) return this.invalidate();
    let page: Page;
    try {
      page = await this.#load(0, 50, new AbortController().signal);
    } catch {
      return this.invalidate();
    }
    if (shape !== this.#shape) return this.checkTop();
    const items = page.items.filter((item) => !this.#hidden.has(item.id));
    const known = items.findIndex((item) => item.id === first.id);
    if (known < 0) return this.invalidate();
    const fresh = items.slice(0, known).filter((item) => this.indexOf(item.id) < 0);
    if (fresh.length === 0 && known === 0) {
      this.#put(0, items);
      this.#setTotal(page.total, items.length);
      return;
    }
    if (fresh.length !== known) return this.invalidate();
    this.#shape++;
    this.#cancel();
    this.#rows = prepended(
      this.#rows,
      fresh.map((message) => ({ message, generation: this.#generation })),
    );
    this.#put(0, items);
    this.#setTotal(page.total, items.length);
    this.arrived += fresh.length;
    this.#fetchMissing();
  }

  /** Changes rows in place; the answer puts them back. */
  patch(ids: Set<string>, change: (message: MessageSummary) => MessageSummary): () => void {
    const before = new Map<string, MessageSummary>();
    for (const [index, row] of this.#rows) {
      if (!ids.has(row.message.id)) continue;
      before.set(row.message.id, row.message);
      this.#rows.set(index, { ...row, message: change(row.message) });
    }
    if (before.size > 0) this.version++;
    return () => {
      if (before.size === 0) return;
      this.patch(new Set(before.keys()), (message) => before.get(message.id) ?? message);
    };
  }

  /** Takes rows out and keeps them out of pages that are still on their way; the answer puts them back. */
  remove(ids: Set<string>): () => void {
    const gone: Sparse<Row> = new Map();
    for (const [index, row] of this.#rows) if (ids.has(row.message.id)) gone.set(index, row);
    for (const id of ids) this.#hidden.add(id);
    if (gone.size > 0) {
      this.#reshape(without(this.#rows, [...gone.keys()]), -gone.size);
    }
    return () => {
      for (const id of ids) this.#hidden.delete(id);
      if (gone.size > 0) this.#reshape(withRows(this.#rows, gone), gone.size);
      this.invalidate();
    };
  }

  /** The server says the same now: nothing needs hiding any more. */
  settle(ids: Iterable<string>): void {
    let hidden = false;
    for (const id of ids) hidden = this.#hidden.delete(id) || hidden;
    if (hidden) this.invalidate();
  }

  /** Empties the list, as before "all of it" is moved; the answer fetches it anew. */
  clear(): () => void {
    this.#reshape(new Map(), -this.total);
    return () => this.invalidate();
  }

  /** Adds a row where it belongs by date, as search hits come in; newest first. */
  insert(message: MessageSummary): void {
    if (this.#rows.size !== this.total || this.indexOf(message.id) >= 0) return;
    const rows = [...this.#rows.values()];
    let place = rows.findIndex((row) => row.message.receivedAt < message.receivedAt);
    if (place < 0) place = rows.length;
    rows.splice(place, 0, { message, generation: this.#generation });
    this.#rows = new Map(rows.map((row, index) => [index, row]));
    this.total = rows.length;
    this.version++;
  }

  /** Shows the first rows of an answer that is still coming. */
  show(items: MessageSummary[]): void {
    if (items.length === 0) return;
    if (this.loaded) {
      for (const item of items) this.insert(item);
      return;
    }
    this.#put(0, items);
    this.total = items.length;
    this.loaded = true;
  }

  /** All rows, for a list that is fed and knows no more than was put into it. */
  known(): Page {
    const items = [...this.#rows.entries()].sort(([a], [b]) => a - b).map(([, row]) => row.message);
    return { items, total: items.length };
  }

  #reshape(rows: Sparse<Row>, by: number): void {
    this.#shape++;
    this.#cancel();
    this.#rows = rows;
    this.total = Math.max(0, this.total + by);
    this.version++;
    this.#fetchMissing();
  }

  #cancel(): void {
    for (const request of this.#loading.values()) request.abort();
    this.#loading.clear();
  }

  #fetchMissing(): void {
    const end = this.loaded ? Math.min(this.#span.end, this.total) : Math.max(this.#span.end, 1);
    const stale = (index: number) => this.#rows.get(index)?.generation !== this.#generation;
    let pages = pagesToLoad({ start: Math.min(this.#span.start, end), end }, PAGE, stale);
    if (pages.length === 0 && !this.loaded) pages = [0];
    if (pages.length === 0 && this.total === 0 && this.loaded && this.#emptyGeneration !== this.#generation)
      pages = [0];
    for (const page of pages) {
      if (this.#loading.size >= AT_ONCE) return;
      if (!this.#loading.has(page)) void this.#fetchPage(page);
    }
  }

  /** The generation in which the server said that there is nothing. */
  #emptyGeneration = -1;

  async #fetchPage(page: number): Promise<void> {
    const request = new AbortController();
    this.#loading.set(page, request);
    const shape = this.#shape;
    const generation = this.#generation;
    try {
      const { items, total } = await this.#load(page * PAGE, PAGE, request.signal);
      if (shape !== this.#shape || generation !== this.#generation) return;
      this.error = undefined;
      this.#put(
        page * PAGE,
        items.filter((item) => !this.#hidden.has(item.id)),
      );
      this.#setTotal(total, page * PAGE + items.length);
      if (this.total === 0) this.#emptyGeneration = generation;
      this.loaded = true;
    } catch (cause) {
      if (request.signal.aborted || shape !== this.#shape) return;
      this.error = cause instanceof ApiError ? cause : new ApiError('/problems/internal-error');
      return;
    } finally {
      if (this.#loading.get(page) === request) this.#loading.delete(page);
    }
    this.#fetchMissing();
  }

  #put(offset: number, items: MessageSummary[]): void {
    for (const [at, message] of items.entries())
      this.#rows.set(offset + at, { message, generation: this.#generation });
    this.version++;
  }

  #setTotal(total: number | null, atLeast: number): void {
    const next = total === null ? Math.max(this.total, atLeast) : Math.max(0, total - this.#hidden.size);
    for (const index of this.#rows.keys()) if (index >= next) this.#rows.delete(index);
    this.total = next;
  }
}
