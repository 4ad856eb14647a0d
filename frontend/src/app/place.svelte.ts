import { createQueries } from '@tanstack/svelte-query';
import type { Mailbox, Session } from '../api/client.ts';
import { folderName } from '../api/folderNames.ts';
import { byRole } from '../api/mailboxes.ts';
import { mailboxes } from '../api/queries.ts';
import { router } from '../lib/router.svelte.ts';
import { t } from '../lib/words.ts';

const queriesOf = (session: Session) =>
  createQueries(() => ({ queries: session.accounts.map((account) => mailboxes(account.id)) }));

/** Where the reader is, among the mailboxes of all accounts. Made by a component, which keeps it fresh. */
export class Place {
  readonly #session: Session;
  readonly #queries: ReturnType<typeof queriesOf>;

  constructor(session: Session) {
    this.#session = session;
    this.#queries = queriesOf(session);
  }

  mailboxes: Mailbox[] = $derived.by(() => this.#queries.flatMap((one) => one.data ?? []));

  mailbox: Mailbox | undefined = $derived.by(() => {
    const { route } = router;
    return route.name === 'home' ? undefined : this.mailboxes.find((one) => one.id === route.mailboxId);
  });

  /** Of the first account: where a page without an address goes. */
  inbox: Mailbox | undefined = $derived.by(() => byRole(this.#queries[0]?.data, 'inbox'));

  inboxes: Mailbox[] = $derived.by(() => this.mailboxes.filter((one) => one.role === 'inbox'));

  unread: number = $derived.by(() => this.inboxes.reduce((sum, one) => sum + one.unread, 0));

  title: string = $derived.by(() => {
    const { route } = router;
    if (route.name === 'search') return t('search.results', { q: route.q });
    return this.mailbox ? folderName(this.mailbox) : '';
  });

  mailboxesIn(accountId: string): Mailbox[] {
    return this.#queries[this.#session.accounts.findIndex((one) => one.id === accountId)]?.data ?? [];
  }
}
