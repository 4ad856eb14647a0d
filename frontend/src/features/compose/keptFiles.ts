import { DeviceStore } from '../../lib/deviceStore.ts';

/** Files that are not on the server yet, kept on this device so that a reload goes on with them. */
const files = new DeviceStore('valija-files', 'files');

export async function keepFile(key: string, file: File): Promise<void> {
  await files.work('readwrite', (kept) => kept.put(file, key));
}

export async function keptFile(key: string): Promise<File | undefined> {
  const file: unknown = await files.work('readonly', (kept) => kept.get(key));
  return file instanceof File ? file : undefined;
}

export async function dropFile(key: string): Promise<void> {
  await files.work('readwrite', (kept) => kept.delete(key));
}

/** Signing out leaves no file behind. */
export async function dropAllFiles(): Promise<void> {
  await files.work('readwrite', (kept) => kept.clear());
}
