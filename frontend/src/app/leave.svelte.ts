import { tick, untrack } from 'svelte';
import { isOwn } from '../api/access.ts';
import type { Account, Mailbox, Session } from '../api/client.ts';
import { folderName } from '../api/folderNames.ts';
import { forgetAccount, forgetMailboxes } from '../api/forgetting.ts';
import { queryClient } from '../api/queries.ts';
import { prefs, setPref } from '../lib/prefs.svelte.ts';
import { router } from '../lib/router.svelte.ts';
import { t } from '../lib/words.ts';
import { toasts } from '../ui/toasts.svelte.ts';
import type { Desk } from './desk.svelte.ts';
import type { Place } from './place.svelte.ts';

/** Closes what is not there any more, whichever way that is heard of. Called by a component as it is made. */
export function closeWhatLeaves(session: () => Session, place: Place, desk: Desk): void {
  let accounts: Account[] = [];
  const mailboxes = new Map<string, Mailbox[]>();
  $effect(() => {
    const before = accounts;
    accounts = session().accounts;
    const isThere = (accountId: string) => accounts.some(({ id }) => id === accountId);
    untrack(() => {
      for (const one of before.filter(({ id }) => !isThere(id))) {
        mailboxes.delete(one.id);
        void leaveAccount(desk, one);
      }
    });
  });
  // By Back, or a bookmark.
  $effect(() => {
    const { route } = router;
    if (route.name === 'mail' && !session().accounts.some(({ id }) => id === route.accountId))
      router.replace({ name: 'home' });
  });
  $effect(() => {
    for (const account of session().accounts) {
      const known = place.knownIn(account.id);
      if (!known) continue;
      const before = mailboxes.get(account.id) ?? [];
      mailboxes.set(account.id, known);
      const gone = before.filter((one) => !known.some(({ id }) => id === one.id));
      if (gone.length > 0 && !isOwn(account)) untrack(() => void leaveMailboxes(desk, account, gone));
    }
  });
}

/** An account is not there any more: what is open of it closes, and nothing of it stays in this browser. */
async function leaveAccount(desk: Desk, account: Account): Promise<void> {
  const mailboxes = queryClient.getQueryData<Mailbox[]>(['mailboxes', account.id]) ?? [];
  const ids = new Set(mailboxes.map(({ id }) => id));
  if (close(desk, ids, account.id) && !isOwn(account))
    toasts.show({ text: t('share.ended', { name: account.name || account.address }) });
  await tick();
  forgetAccount(queryClient, account.id);
  const collapsed = prefs.collapsed.filter((id) => !ids.has(id));
  if (collapsed.length < prefs.collapsed.length) setPref('collapsed', collapsed);
}

/** Some folders of an account are not shared any more, or were deleted. */
async function leaveMailboxes(desk: Desk, account: Account, gone: Mailbox[]): Promise<void> {
  const ids = new Set(gone.map(({ id }) => id));
  if (close(desk, ids) && !isOwn(account))
    toasts.show({ text: t('share.ended', { name: gone.map(folderName).join(', ') }) });
  await tick();
  forgetMailboxes(queryClient, ids);
}

/** Whether anything of these was on the screen. */
function close(desk: Desk, mailboxIds: Set<string>, accountId?: string): boolean {
  desk.forgetTargets(mailboxIds);
  const { route } = router;
  if (route.name === 'mail' && (route.accountId === accountId || mailboxIds.has(route.mailboxId))) {
    router.replace({ name: 'home' });
    return true;
  }
  const open = route.name === 'search' ? desk.openMessage() : undefined;
  if (route.name !== 'search' || !open || !mailboxIds.has(open.mailboxId)) return false;
  const { messageId: _, ...list } = route;
  router.replace(list);
  return true;
}
