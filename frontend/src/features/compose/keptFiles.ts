/**
 * Files that are not on the server yet, kept on this device so that a reload goes on with them. Where the browser keeps
 * none, as in a private window, they are there as long as the page.
 */
const DATABASE = 'valija-files';
const STORE = 'files';

export async function keepFile(key: string, file: File): Promise<void> {
  await work('readwrite', (files) => files.put(file, key));
}

export async function keptFile(key: string): Promise<File | undefined> {
  const file = await work('readonly', (files) => files.get(key));
  return file instanceof File ? file : undefined;
}

export async function dropFile(key: string): Promise<void> {
  await work('readwrite', (files) => files.delete(key));
}

/** Signing out leaves no file behind. */
export async function dropAllFiles(): Promise<void> {
  await work('readwrite', (files) => files.clear());
}

async function work(mode: IDBTransactionMode, what: (files: IDBObjectStore) => IDBRequest): Promise<unknown> {
  try {
    const database = await opened();
    try {
      return await answer(what(database.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

async function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return answer(request);
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
