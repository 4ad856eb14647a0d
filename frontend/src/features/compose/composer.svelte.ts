import type { Draft, DraftContent } from '../../api/client.ts';
import { textToHtml } from '../../lib/html.ts';
import { randomKey } from '../../lib/random.ts';
import { Compose, type Start } from './compose.svelte.ts';
import { type Attached, dropDraft, type Kept, keptDrafts } from './drafts.ts';

function keptOf({ id, revision, content }: Draft): Kept {
  const people = (all: DraftContent['to']) =>
    (all ?? []).map(({ name, email }) => ({ name: name ?? null, email }));
  return {
    id: randomKey(),
    key: randomKey(),
    accountId: content.accountId,
    from: { name: content.from.name ?? null, email: content.from.email },
    to: people(content.to),
    cc: people(content.cc),
    bcc: people(content.bcc),
    replyTo: people(content.replyTo),
    subject: content.subject ?? '',
    html: content.html ?? textToHtml(content.text ?? ''),
    inReplyTo: content.inReplyTo ?? undefined,
    forwardOf: content.forwardOf ?? undefined,
    readReceipt: content.readReceipt ?? false,
    attachments: (content.attachments ?? []).map(
      ({ messageId, partId, uploadId, name, type, size, contentId }) => ({
        key: uploadId ?? `${messageId}/${partId}`,
        name: name ?? '',
        type: type ?? 'application/octet-stream',
        size: size ?? 0,
        contentId: contentId ?? undefined,
        ...(messageId && partId ? { part: { messageId, partId } } : { uploadId: uploadId ?? undefined }),
      }),
    ),
    lostFiles: [],
    draft: { key: randomKey(), id, revision },
    clean: true,
  };
}

/** All mails that are being written here. */
class Composer {
  windows: Compose[] = $state([]);
  /** Off the screen; the page knows them for as long as it lives. */
  #aside: Compose[] = [];

  open(start: Start): Compose {
    const compose = new Compose(start);
    this.reopen(compose);
    return compose;
  }

  /** All that is written here. */
  get all(): Compose[] {
    return [...this.windows, ...this.#aside];
  }

  /** The one that is that draft of the server's. */
  of(draftId: string | undefined): Compose | undefined {
    return draftId === undefined ? undefined : this.all.find((one) => one.saving.place.id === draftId);
  }

  /** The picture that one of them shows under that Content-ID, or did until it was cut. */
  picture(contentId: string): Attached | undefined {
    return this.all
      .flatMap((one) => one.attachments)
      .find((one) => one.contentId === contentId && (one.part || one.uploadId || one.upload));
  }

  /** What was being written when the page was left. */
  restore(accountIds: string[]): void {
    for (const kept of keptDrafts()) {
      if (!accountIds.includes(kept.accountId) || this.all.some((one) => one.id === kept.id)) continue;
      this.#minimised(kept);
    }
  }

  /** A draft of the server's that this device does not know, or knew otherwise. */
  adopt(draft: Draft, instead?: Compose): Compose {
    if (instead) this.discard(instead);
    // The server keeps no reminder with a draft, nor whom it began with.
    const { given, remindAfter } = instead ?? {};
    const compose = this.#minimised({ ...keptOf(draft), ...(given ? { given } : {}), remindAfter });
    compose.keep();
    return compose;
  }

  #minimised(kept: Kept): Compose {
    const { inReplyTo, forwardOf, ...rest } = kept;
    const compose = new Compose(
      { ...rest, ...(inReplyTo ? { inReplyTo } : {}), ...(forwardOf ? { forwardOf } : {}) },
      kept,
    );
    compose.size = 'minimised';
    this.windows.push(compose);
    return compose;
  }

  /** Back on the screen, as after an undone send. */
  reopen(compose: Compose): void {
    this.#aside = this.#aside.filter((one) => one !== compose);
    for (const other of this.windows) other.size = 'minimised';
    compose.size = 'window';
    if (!this.windows.includes(compose)) this.windows.push(compose);
  }

  putAside(compose: Compose): void {
    this.close(compose);
    this.#aside.push(compose);
  }

  close(compose: Compose): void {
    this.windows = this.windows.filter((one) => one !== compose);
    this.#aside = this.#aside.filter((one) => one !== compose);
  }

  discard(compose: Compose): void {
    this.close(compose);
    dropDraft(compose.id);
  }
}

export const composer = new Composer();
