import type { Person } from '../../lib/addresses.ts';

/** A mail being written, as it outlives the page: all but the contents of its files. */
export interface Kept {
  id: string;
  key: string;
  accountId: string;
  from: Person;
  to: Person[];
  cc: Person[];
  bcc: Person[];
  subject: string;
  html: string;
  inReplyTo?: string | undefined;
  forwardOf?: string | undefined;
  lostFiles: string[];
}

const PREFIX = 'valija.draft.';

/** Mails being written, kept on this device so that a reload loses nothing but the files. */
export function keepDraft(draft: Kept): void {
  try {
    localStorage.setItem(PREFIX + draft.id, JSON.stringify(draft));
  } catch {
    // A full or forbidden storage must not stop the writing.
  }
}

export function dropDraft(id: string): void {
  localStorage.removeItem(PREFIX + id);
}

export function keptDrafts(): Kept[] {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .flatMap((key) => {
      try {
        return [JSON.parse(localStorage.getItem(key) ?? '') as Kept];
      } catch {
        return [];
      }
    });
}

/** Signing out leaves nothing of the mail behind. */
export function dropAllDrafts(): void {
  for (const { id } of keptDrafts()) dropDraft(id);
}
