import type { Account, Mailbox } from './client.ts';

/**
 * What is done to messages. `own`: what only the owner of an account may, as to snooze or to keep. `write`: to write in
 * the account's name.
 */
export type Deed = 'mark' | 'move' | 'delete' | 'own' | 'write';

export function isOwn({ access }: Account): boolean {
  return access.role === 'owner';
}

export function mayWrite({ access: { role } }: Account): boolean {
  return role === 'owner' || role === 'send' || role === 'full';
}

/** Whether it may be done to messages of a mailbox; of one that is not known yet, only in an account of one's own. */
export function permits(deed: Deed, account: Account | undefined, mailbox: Mailbox | undefined): boolean {
  if (!account) return false;
  if (deed === 'own') return isOwn(account);
  if (deed === 'write') return mayWrite(account);
  if (!mailbox) return isOwn(account);
  const { rights, role } = mailbox;
  if (deed === 'mark') return rights.setKeywords;
  if (deed === 'delete' && role === 'trash') return rights.destroyMessages;
  return rights.removeMessages;
}
