import { isOwn, mayWrite } from '../api/access.ts';
import type { Identity, Session } from '../api/client.ts';
import { identities, queryClient } from '../api/queries.ts';
import type { Senders } from '../features/compose/answer.ts';

/** The first of one's own. */
export function homeOf({ accounts }: Session): string {
  return accounts.find(isOwn)?.id ?? '';
}

/** What goes out as oneself goes out from there: that account, if it is one's own. */
export function homeIn(session: Session, accountId: string): string {
  return session.accounts.some((one) => one.id === accountId && isOwn(one)) ? accountId : homeOf(session);
}

/**
 * Whoever may write in the name of a shared account does so there, else as oneself; the draft is one's own in any case, for
 * nobody else is to read it.
 */
export async function sendersIn(session: Session, accountId: string): Promise<Senders> {
  const account = session.accounts.find(({ id }) => id === accountId);
  if (!account || isOwn(account))
    return of(accountId, [], await queryClient.fetchQuery(identities(accountId)));
  const home = homeOf(session);
  const [theirs, own] = await Promise.all([
    mayWrite(account) ? queryClient.fetchQuery(identities(accountId)) : [],
    queryClient.fetchQuery(identities(home)),
  ]);
  return of(home, theirs, own);
}

function of(accountId: string, theirs: Identity[], own: Identity[]): Senders {
  return { accountId, meant: theirs.length > 0 ? theirs : own, all: [...theirs, ...own] };
}
