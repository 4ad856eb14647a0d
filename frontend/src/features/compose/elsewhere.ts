import { client, type Draft, type DraftSummary, must } from '../../api/client.ts';
import type { Compose } from './compose.svelte.ts';
import { composer } from './composer.svelte.ts';
import { goOn } from './files.ts';

/** More than that would cover the page. */
const MOST = 5;

/** All that is written goes to the server, as far as it can be had. */
export async function saveDrafts(): Promise<void> {
  await Promise.all(composer.all.filter((one) => one.touched).map((one) => one.saving.save()));
}

/**
 * Brings the mails being written here in line with the server: what another device went on with is shown as it is now,
 * what it sent or threw away goes, what it began can be gone on with. Words that only this device has are left alone.
 */
export async function joinDrafts(accountIds: string[]): Promise<void> {
  for (const open of composer.all) void goOn(open);
  // First ours: one whose request was never answered would else be taken for another's.
  await saveDrafts();
  const { items } = await must(client.GET('/drafts'));
  for (const open of composer.all) {
    const { id, revision } = open.saving.place;
    if (!id || !isSaved(open)) continue;
    const there = items.find((one) => one.id === id);
    if (!there || (there.revision !== revision && !composer.windows.includes(open))) composer.discard(open);
    else if (there.revision !== revision) composer.adopt(await draft(id), open);
  }
  const others = items.filter((one) => !composer.of(one.id) && accountIds.includes(one.accountId ?? ''));
  for (const { id } of others.slice(0, MOST)) {
    const theirs = await draft(id);
    // It may have been opened here meanwhile, as by taking a mail back.
    if (!composer.of(id)) composer.adopt(theirs);
  }
}

/** Whether the server has all of it, files too. */
function isSaved(compose: Compose): boolean {
  return compose.saving.clean && compose.unfinished.length === 0;
}

/** Goes on with a message of the Drafts mailbox, in the window it has already if it has one. */
export async function openDraft(messageId: string): Promise<void> {
  show(await must(client.PUT('/messages/{messageId}/draft', { params: { path: { messageId } } })));
}

/** Goes on with a draft that was to be sent and was not. */
export async function openAgain(draftId: string): Promise<void> {
  show(await draft(draftId));
}

function show(there: Draft): void {
  const open = composer.of(there.id);
  const older = open && isSaved(open) && open.saving.place.revision < there.revision;
  composer.reopen(open && !older ? open : composer.adopt(there, open));
}

/** Does away with messages of the Drafts mailbox, and with the drafts that those are copies of which went. */
export async function withDrafts(messageIds: string[], remove: () => Promise<void>): Promise<void> {
  const before = await must(client.GET('/drafts')).catch(() => undefined);
  await remove();
  const copied = before?.items.filter((one) => one.copy !== null && messageIds.includes(one.copy)) ?? [];
  // Where the server cannot be had they stay: better a draft too many than one lost.
  if (copied.length > 0) await discardWithoutCopy(copied).catch(() => undefined);
}

async function discardWithoutCopy(drafts: DraftSummary[]): Promise<void> {
  const { items } = await must(client.GET('/drafts'));
  for (const { id, revision } of drafts) {
    // Whoever goes on writing it has made another of it.
    if (!items.some((one) => one.id === id && one.revision === revision && one.copy === null)) continue;
    const open = composer.of(id);
    if (open && !(isSaved(open) && open.saving.place.revision === revision)) continue;
    if (open) composer.discard(open);
    await must(
      client.DELETE('/drafts/{draftId}', {
        params: { path: { draftId: id }, header: { 'If-Match': `"${revision}"` } },
      }),
    );
  }
}

function draft(draftId: string) {
  return must(client.GET('/drafts/{draftId}', { params: { path: { draftId } } }));
}
