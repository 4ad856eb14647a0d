import { type Deed, isOwn, permits } from '../api/access.ts';
import type { Account, Mailbox, Session } from '../api/client.ts';
import { byRole } from '../api/mailboxes.ts';

/** What a command does to the messages it is meant for. */
export type Need = Deed | 'archive' | 'junk' | 'file';

/** What is known of where messages are. */
export interface Known {
  session: Session;
  mailboxes: (accountId: string) => Mailbox[];
  /** In which account a mailbox is that is not known yet. */
  accountId: string | undefined;
}

/** Whether something may be done to what is in a mailbox, and there is where it would go. */
export function offers(need: Need, mailboxId: string, { session, mailboxes, accountId }: Known): boolean {
  const mailbox = session.accounts.flatMap(({ id }) => mailboxes(id)).find(({ id }) => id === mailboxId);
  const account = session.accounts.find(({ id }) => id === (mailbox?.accountId ?? accountId));
  if (need !== 'archive' && need !== 'junk' && need !== 'file') return permits(need, account, mailbox);
  return permits('move', account, mailbox) && hasPlace(need, account, mailboxes, mailboxId);
}

/** One's own account says what is missing when it is; of a shared one only some folders may be there. */
function hasPlace(
  need: 'archive' | 'junk' | 'file',
  account: Account | undefined,
  mailboxes: Known['mailboxes'],
  mailboxId: string,
): boolean {
  if (!account || isOwn(account)) return true;
  const all = mailboxes(account.id);
  return need === 'file'
    ? all.some(({ id, selectable, rights }) => id !== mailboxId && selectable && rights.addMessages)
    : (byRole(all, need)?.rights.addMessages ?? false);
}
