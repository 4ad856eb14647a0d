import { client, must } from '../../api/client.ts';
import { composer } from './compose.svelte.ts';
import { goOn } from './files.ts';

/** More than that would cover the page. */
const MOST = 5;

/** All that is written goes to the server, as far as it can be had. */
export async function saveDrafts(): Promise<void> {
  await Promise.all(composer.windows.filter((one) => one.touched).map((one) => one.saving.save()));
}

/**
 * Brings the mails being written here in line with the server: what another device went on with is shown as it is now,
 * what it sent or threw away goes, what it began can be gone on with. Words that only this device has are left alone.
 */
export async function joinDrafts(accountIds: string[]): Promise<void> {
  for (const open of composer.windows) void goOn(open);
  // First ours: one whose request was never answered would else be taken for another's.
  await saveDrafts();
  const { items } = await must(client.GET('/drafts'));
  for (const open of composer.windows) {
    const { id, revision } = open.saving.place;
    if (!id || !open.saving.clean || open.unfinished.length > 0) continue;
    const there = items.find((one) => one.id === id);
    if (!there) composer.discard(open);
    else if (there.revision !== revision) composer.adopt(await draft(id), open);
  }
  const known = new Set(composer.windows.map((one) => one.saving.place.id));
  const others = items.filter((one) => !known.has(one.id) && accountIds.includes(one.accountId ?? ''));
  for (const { id } of others.slice(0, MOST)) {
    const theirs = await draft(id);
    // It may have been opened here meanwhile, as by taking a mail back.
    if (!composer.windows.some((one) => one.saving.place.id === id)) composer.adopt(theirs);
  }
}

function draft(draftId: string) {
  return must(client.GET('/drafts/{draftId}', { params: { path: { draftId } } }));
}
