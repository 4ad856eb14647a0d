import type { ApiError, DraftContent, SubmissionRequest } from '../../api/client.ts';
import { isAddress, type Person } from '../../lib/addresses.ts';
import { randomKey } from '../../lib/random.ts';
import { type Attached, type Kept, keepDraft } from './drafts.ts';
import { Saving } from './saving.svelte.ts';

type NewAttachment = NonNullable<SubmissionRequest['attachments']>[number];
/** Where something attached is, as the server was told. */
type Given = Partial<Record<'uploadId' | 'messageId' | 'partId', string | null>>;

/** What a new mail starts with. */
export interface Start {
  accountId: string;
  from: Person;
  to?: Person[];
  cc?: Person[];
  bcc?: Person[];
  replyTo?: Person[];
  subject?: string;
  html?: string;
  attachments?: Attached[];
  inReplyTo?: string;
  forwardOf?: string;
  readReceipt?: boolean;
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
  /** After how many days without an answer the writer wants to be reminded. */
  remindAfter: number | undefined = $state();
  /** When it is to go, as it was last tried; without it as soon as it can. */
  sendAt: Date | undefined = $state.raw();
  attachments: Attached[] = $state([]);
  /** Whether to be told when it is read. */
  readReceipt = $state(false);
  /** Names of files that are neither here nor on the server any more. */
  lostFiles: string[] = $state([]);
  size: 'window' | 'full' | 'minimised' = $state('window');
  sending = $state(false);
  /** It is to be sent as soon as its files are on the server. */
  waiting = $state(false);
  problem = $state('');
  readonly saving: Saving;
  /** As another program had it; there is no field for it here. */
  readonly replyTo: Person[];
  readonly inReplyTo: string | undefined;
  readonly forwardOf: string | undefined;
  /** Addresses that were in it when it began: nobody typed these. */
  readonly given: string[];
  #untouched: string;
  #reminder: Kept['reminder'];

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
    // What other programs name but do not show is a file like all others.
    this.attachments = (start.attachments ?? []).map((one) =>
      one.contentId && !shows(this.html, one.contentId) ? { ...one, contentId: undefined } : one,
    );
    this.readReceipt = start.readReceipt ?? false;
    this.lostFiles = kept?.lostFiles ?? [];
    this.remindAfter = kept?.remindAfter;
    this.#reminder = kept?.reminder;
    this.replyTo = start.replyTo ?? [];
    this.inReplyTo = start.inReplyTo;
    this.forwardOf = start.forwardOf;
    // Of an answer begun elsewhere nobody knows which.
    const begun = !kept || start.inReplyTo ? this.recipients.map((one) => one.email) : [];
    this.given = kept?.given ?? begun;
    this.#untouched = kept ? '' : this.#state();
    this.saving = new Saving(
      {
        content: () => this.draft(),
        onsaved: () => this.keep(),
        onrefused: (error, { attachments }) => this.forget(error, attachments ?? []),
      },
      kept?.draft,
    );
    if (kept?.clean) this.saving.acknowledge();
  }

  get touched(): boolean {
    return this.#state() !== this.#untouched;
  }

  /** The editor's own way to write the same is not yet a change. */
  startWith(html: string): void {
    const before = this.touched;
    const { clean } = this.saving;
    this.html = html;
    if (!before) this.#untouched = this.#state();
    if (clean) this.saving.acknowledge();
  }

  get recipients(): Person[] {
    return [...this.to, ...this.cc, ...this.bcc];
  }

  get wrong(): Person[] {
    return this.recipients.filter((person) => !isAddress(person.email));
  }

  /** What goes along: a picture that was taken out of the text does not, but can be put back. */
  get included(): Attached[] {
    return this.attachments.filter((one) => !one.contentId || shows(this.html, one.contentId));
  }

  /** Files that are not on the server yet. */
  get unfinished(): Attached[] {
    return this.included.filter((one) => !one.part && !one.uploadId);
  }

  /**
   * What the server says it has not comes anew or, where it is not here, is told; whether there was any.
   *
   * @param given what it was given: what is attached may be other by the time it answers
   */
  forget(error: ApiError, given: Given[]): boolean {
    const missing = (error.problem?.errors ?? [])
      .map(
        ({ pointer }) =>
          given[Number(/^\/attachments\/(\d+)\/(?:uploadId|messageId|partId)$/.exec(pointer)?.[1] ?? -1)],
      )
      .filter((one) => one !== undefined);
    for (const one of this.attachments.filter((own) => missing.some((other) => isSame(own, other)))) {
      one.uploadId = undefined;
      one.upload?.start();
      if (one.upload) continue;
      this.lostFiles.push(one.name);
      this.attachments = this.attachments.filter((other) => other.key !== one.key);
    }
    return missing.length > 0;
  }

  /** Written down on this device at once, and on the server soon. */
  keep(): void {
    if (!this.touched) return;
    this.saving.touch();
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
      replyTo: this.replyTo,
      inReplyTo: this.inReplyTo,
      forwardOf: this.forwardOf,
      readReceipt: this.readReceipt,
      given: this.given,
      lostFiles: [...this.lostFiles],
      remindAfter: this.remindAfter,
      reminder: this.#reminder,
      attachments: this.included.map(({ upload, ...one }) => ({ ...one, begun: upload?.id ?? one.begun })),
      draft: this.saving.place,
      clean: this.saving.clean,
    });
  }

  /** What the server keeps of it: all but the files that it has not yet. */
  draft(): DraftContent {
    return {
      accountId: this.accountId,
      from: this.from,
      to: this.to,
      cc: this.cc,
      bcc: this.bcc,
      replyTo: this.replyTo,
      subject: this.subject,
      html: this.html,
      attachments: this.included.flatMap(({ name, type, size, part, uploadId, contentId }) =>
        part || uploadId
          ? [{ name, type, size, ...(part ?? { uploadId }), ...(contentId ? { contentId } : {}) }]
          : [],
      ),
      inReplyTo: this.inReplyTo ?? null,
      forwardOf: this.forwardOf ?? null,
      ...(this.readReceipt ? { readReceipt: true } : {}),
    };
  }

  request(undoSeconds: number): SubmissionRequest {
    const { id, revision } = this.saving.place;
    return {
      from: this.from,
      to: this.to,
      cc: this.cc,
      bcc: this.bcc,
      replyTo: this.replyTo,
      subject: this.subject,
      html: outgoingHtml(this.html, this.included),
      attachments: this.included.map(
        ({ name, type, part, uploadId, contentId }): NewAttachment => ({
          name,
          type,
          ...(part ?? (uploadId ? { uploadId } : {})),
          ...(contentId ? { contentId } : {}),
        }),
      ),
      undoSeconds,
      ...(this.sendAt ? { sendAt: this.sendAt.toISOString() } : {}),
      ...(this.readReceipt ? { readReceipt: true } : {}),
      ...(this.remindAfter ? { remindAt: this.#remindAt(this.remindAfter) } : {}),
      ...(this.inReplyTo ? { inReplyTo: this.inReplyTo } : {}),
      ...(this.forwardOf ? { forwardOf: this.forwardOf } : {}),
      ...(id ? { draftId: id, draftRevision: revision } : {}),
    };
  }

  /** So long after it goes; the same for all tries to send it. */
  #remindAt(days: number): string {
    const { key, sendAt } = this;
    if (sendAt) return inDays(days, sendAt.getTime());
    if (this.#reminder?.key !== key || this.#reminder.days !== days)
      this.#reminder = { key, days, at: inDays(days, Date.now()) };
    return this.#reminder.at;
  }

  #state(): string {
    return JSON.stringify([
      this.to,
      this.cc,
      this.bcc,
      this.subject,
      this.html,
      this.included.map((one) => one.key),
      this.readReceipt,
      this.remindAfter,
    ]);
  }
}

function inDays(days: number, from: number): string {
  return new Date(from + days * 86_400_000).toISOString();
}

function isSame({ uploadId, part }: Attached, other: Given): boolean {
  if (other.uploadId) return uploadId === other.uploadId;
  return part !== undefined && part.messageId === other.messageId && part.partId === other.partId;
}

/** Whether a text shows that picture. */
function shows(html: string, contentId: string): boolean {
  return html.includes(`cid:${contentId}"`) || html.includes(`cid:${contentId}'`);
}

/**
 * Paragraphs as they looked while writing: other programs give them margins, and swallow empty ones. Pictures that do not
 * go along are left out.
 */
export function outgoingHtml(html: string, files: Pick<Attached, 'contentId'>[] = []): string {
  return html
    .replaceAll('<p></p>', '<p><br></p>')
    .replaceAll('<p>', '<p style="margin:0">')
    .replace(/<img(?:[^>"]|"[^"]*")*>/g, (image) =>
      files.some(({ contentId }) => contentId && shows(image, contentId)) ? image : '',
    );
}
