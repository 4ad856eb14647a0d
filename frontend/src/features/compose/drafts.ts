import type { Person } from '../../lib/addresses.ts';
import { randomKey } from '../../lib/random.ts';
import { dropAllFiles } from './keptFiles.ts';
import type { Place } from './saving.svelte.ts';
import type { Upload } from './upload.svelte.ts';

/** Something to be sent along: a file of this device, or what the server has already. */
export interface Attached {
  key: string;
  name: string;
  type: string;
  size: number;
  /** A part of a message. */
  part?: { messageId: string; partId: string };
  /** A file that has come to the server. */
  uploadId?: string | undefined;
  /** The way of a file of this device to the server, as long as this page lives. */
  upload?: Upload;
  /** Under which id that was begun, as it outlives the page. */
  begun?: string | undefined;
  /** It is a picture of the text, which shows it by `cid:` (RFC 2392); where the text does not, it goes nowhere. */
  contentId?: string | undefined;
}

/** Under which a text shows a picture; nobody else's is the same. */
export function newContentId(): string {
  return `${randomKey()}@valija`;
}

/** A mail being written, as it outlives the page; its files are in `keptFiles.ts` until the server has them. */
export interface Kept {
  id: string;
  key: string;
  accountId: string;
  from: Person;
  to: Person[];
  cc: Person[];
  bcc: Person[];
  replyTo?: Person[];
  subject: string;
  html: string;
  inReplyTo?: string | undefined;
  forwardOf?: string | undefined;
  readReceipt?: boolean;
  given?: string[];
  attachments?: Attached[];
  lostFiles: string[];
  remindAfter?: number | undefined;
  /** When that is, as the server was told with the mail of that key. */
  reminder?: { key: string; days: number; at: string } | undefined;
  /** Where the server has it. */
  draft?: Place;
  /** Whether the server had it as it is here. */
  clean?: boolean;
}

const PREFIX = 'valija.draft.';

/** Mails being written, kept on this device so that a reload loses nothing. */
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
export async function dropAllDrafts(): Promise<void> {
  for (const { id } of keptDrafts()) dropDraft(id);
  await dropAllFiles();
}
