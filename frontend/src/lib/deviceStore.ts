/**
 * What is kept on this device under keys, beyond the page. Where the browser keeps nothing, as in a private window,
 * nothing is found there, and nothing fails.
 */
export class DeviceStore {
  readonly #name: string;
  readonly #store: string;
  readonly #indexes: string[];
  #opened: Promise<IDBDatabase> | undefined;

  /** @param indexes names of properties that what is kept can be gone through by */
  constructor(name: string, store: string, indexes: string[] = []) {
    this.#name = name;
    this.#store = store;
    this.#indexes = indexes;
  }

  /** Does something to what is kept. Without an answer it could not be done. */
  async work<T>(
    mode: IDBTransactionMode,
    what: (kept: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T | undefined> {
    try {
      this.#opened ??= this.#open();
      const database = await this.#opened;
      return await answer(what(database.transaction(this.#store, mode).objectStore(this.#store)));
    } catch {
      return undefined;
    }
  }

  /** Goes through what is kept, the greatest of an index first, and drops what is not to stay. */
  async sweep<V>(index: string, stays: (value: V) => boolean): Promise<void> {
    await this.work('readwrite', (kept) => {
      const going = kept.index(index).openCursor(null, 'prev');
      going.onsuccess = () => {
        const at = going.result;
        if (!at) return;
        if (!stays(at.value as V)) at.delete();
        at.continue();
      };
      // All are gone through before anything that is asked after this.
      return kept.count();
    });
  }

  async #open(): Promise<IDBDatabase> {
    const request = indexedDB.open(this.#name, 1);
    request.onupgradeneeded = () => {
      const store = request.result.createObjectStore(this.#store);
      for (const index of this.#indexes) store.createIndex(index, index);
    };
    try {
      const database = await answer(request);
      database.onclose = () => {
        this.#opened = undefined;
      };
      return database;
    } catch (error) {
      this.#opened = undefined;
      throw error;
    }
  }
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
