import type { Person } from '../../lib/addresses.ts';
import type { Place } from './saving.svelte.ts';

/** Something to be sent along: a file read here, or a part of a message the server has already. */
export interface Attached {
  key: string;
  name: string;
  type: string;
  size: number;
  /** Base64, once the file is read. */
  content?: string;
  part?: { messageId: string; partId: string };
}

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
  attachments?: Attached[];
  lostFiles: string[];
  /** Where the server has it. */
  draft?: Place;
  /** Whether the server had it as it is here. */
  clean?: boolean;
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
