import type { SubmissionRequest } from '../../api/client.ts';
import { isAddress, type Person } from '../../lib/addresses.ts';
import { randomKey } from '../../lib/random.ts';
import { dropDraft, type Kept, keepDraft, keptDrafts } from './drafts.ts';

type NewAttachment = NonNullable<SubmissionRequest['attachments']>[number];

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

/** What a new mail starts with. */
export interface Start {
  accountId: string;
  from: Person;
  to?: Person[];
  cc?: Person[];
  bcc?: Person[];
  subject?: string;
  html?: string;
  attachments?: Attached[];
  inReplyTo?: string;
  forwardOf?: string;
}

/** One mail being written. */
export class Compose {
  readonly id: string;
  accountId: string;
  /** The same through all tries to send it, so that it cannot go twice. */
  key: string;
  from: Person = $state.raw({ name: null, email: '' });
  to: Person[] = $state([]);
  cc: Person[] = $state([]);
  bcc: Person[] = $state([]);
  subject = $state('');
  html = $state('');
  attachments: Attached[] = $state([]);
  /** Names of files that a reload took away. */
  lostFiles: string[] = $state([]);
  size: 'window' | 'full' | 'minimised' = $state('window');
  sending = $state(false);
  problem = $state('');
  savedAt: Date | undefined = $state();
  readonly inReplyTo: string | undefined;
  readonly forwardOf: string | undefined;
  #untouched: string;

  constructor(start: Start, kept?: Kept) {
    this.id = kept?.id ?? randomKey();
    this.key = kept?.key ?? randomKey();
    this.accountId = start.accountId;
    this.from = start.from;
    this.to = start.to ?? [];
    this.cc = start.cc ?? [];
    this.bcc = start.bcc ?? [];
    this.subject = start.subject ?? '';
    this.html = start.html ?? '';
    this.attachments = start.attachments ?? [];
    this.lostFiles = kept?.lostFiles ?? [];
    this.inReplyTo = start.inReplyTo;
    this.forwardOf = start.forwardOf;
    this.#untouched = kept ? '' : this.#state();
  }

  get touched(): boolean {
    return this.#state() !== this.#untouched;
  }

  /** The editor's own way to write the same is not yet a change. */
  startWith(html: string): void {
    const before = this.touched;
    this.html = html;
    if (!before) this.#untouched = this.#state();
  }

  get recipients(): Person[] {
    return [...this.to, ...this.cc, ...this.bcc];
  }

  get wrong(): Person[] {
    return this.recipients.filter((person) => !isAddress(person.email));
  }

  keep(): void {
    if (!this.touched) return;
    keepDraft({
      id: this.id,
      key: this.key,
      accountId: this.accountId,
      from: $state.snapshot(this.from),
      to: $state.snapshot(this.to),
      cc: $state.snapshot(this.cc),
      bcc: $state.snapshot(this.bcc),
      subject: this.subject,
      html: this.html,
      inReplyTo: this.inReplyTo,
      forwardOf: this.forwardOf,
      lostFiles: [...this.lostFiles, ...this.attachments.filter((one) => !one.part).map((one) => one.name)],
    });
    this.savedAt = new Date();
  }

  request(undoSeconds: number): SubmissionRequest {
    return {
      from: this.from,
      to: this.to,
      cc: this.cc,
      bcc: this.bcc,
      subject: this.subject,
      html: outgoingHtml(this.html),
      attachments: this.attachments.map(
        ({ name, type, content, part }): NewAttachment =>
          part ? { name, type, ...part } : { name, type, content: content ?? '' },
      ),
      undoSeconds,
      ...(this.inReplyTo ? { inReplyTo: this.inReplyTo } : {}),
      ...(this.forwardOf ? { forwardOf: this.forwardOf } : {}),
    };
  }

  #state(): string {
    return JSON.stringify([
      this.to,
      this.cc,
      this.bcc,
      this.subject,
      this.html,
      this.attachments.map((one) => one.key),
    ]);
  }
}

/** Paragraphs as they looked while writing: other programs give them margins, and swallow empty ones. */
export function outgoingHtml(html: string): string {
  return html.replaceAll('<p></p>', '<p><br></p>').replaceAll('<p>', '<p style="margin:0">');
}

class Composer {
  windows: Compose[] = $state([]);

  open(start: Start): Compose {
    const compose = new Compose(start);
    this.#show(compose);
    return compose;
  }

  /** What was being written when the page was left. */
  restore(accountIds: string[]): void {
    for (const kept of keptDrafts()) {
      if (!accountIds.includes(kept.accountId) || this.windows.some((one) => one.id === kept.id)) continue;
      const { inReplyTo, forwardOf, ...rest } = kept;
      const compose = new Compose(
        { ...rest, ...(inReplyTo ? { inReplyTo } : {}), ...(forwardOf ? { forwardOf } : {}) },
        kept,
      );
      compose.size = 'minimised';
      this.windows.push(compose);
    }
  }

  /** Back on the screen, as after an undone send. */
  reopen(compose: Compose): void {
    compose.size = 'window';
    if (!this.windows.includes(compose)) this.#show(compose);
  }

  close(compose: Compose): void {
    this.windows = this.windows.filter((one) => one !== compose);
  }

  discard(compose: Compose): void {
    this.close(compose);
    dropDraft(compose.id);
  }

  #show(compose: Compose): void {
    for (const other of this.windows) other.size = 'minimised';
    this.windows.push(compose);
  }
}

export const composer = new Composer();
