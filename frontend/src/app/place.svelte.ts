import { createQueries } from '@tanstack/svelte-query';
import { isOwn } from '../api/access.ts';
import type { Mailbox, Session } from '../api/client.ts';
import { folderName } from '../api/folderNames.ts';
import { byRole } from '../api/mailboxes.ts';
import { mailboxes } from '../api/queries.ts';
import { router } from '../lib/router.svelte.ts';
import { t } from '../lib/words.ts';

const queriesOf = (session: () => Session) =>
  createQueries(() => ({ queries: session().accounts.map((account) => mailboxes(account.id)) }));

/** Where the reader is, among the mailboxes of all accounts. Made by a component, which keeps it fresh. */
export class Place {
  readonly #session: () => Session;
  readonly #queries: ReturnType<typeof queriesOf>;

  constructor(session: () => Session) {
    this.#session = session;
    this.#queries = queriesOf(session);
  }

  mailboxes: Mailbox[] = $derived.by(() => this.#queries.flatMap((one) => one.data ?? []));

  mailbox: Mailbox | undefined = $derived.by(() => {
    const { route } = router;
    return route.name === 'home' ? undefined : this.mailboxes.find((one) => one.id === route.mailboxId);
  });

  /** Of the first account: where a page without an address goes. */
  inbox: Mailbox | undefined = $derived.by(() =>
    byRole(this.mailboxesIn(this.#session().accounts.find(isOwn)?.id ?? ''), 'inbox'),
  );

  /** Those that are one's own. */
  inboxes: Mailbox[] = $derived.by(() => {
    const own = new Set(
      this.#session()
        .accounts.filter(isOwn)
        .map(({ id }) => id),
    );
    return this.mailboxes.filter(({ role, accountId }) => role === 'inbox' && own.has(accountId));
  });

  unread: number = $derived.by(() => this.inboxes.reduce((sum, one) => sum + one.unread, 0));

  title: string = $derived.by(() => {
    const { route } = router;
    if (route.name === 'search') return t('search.results', { q: route.q });
    return this.mailbox ? folderName(this.mailbox) : '';
  });

  mailboxesIn(accountId: string): Mailbox[] {
    return this.knownIn(accountId) ?? [];
  }

  /** Nothing while they are asked for. */
  knownIn(accountId: string): Mailbox[] | undefined {
    const known = this.#queries[this.#session().accounts.findIndex((one) => one.id === accountId)]?.data;
    // While accounts come and go those asked for are others for a moment.
    return known?.every((one) => one.accountId === accountId) ? known : undefined;
  }
}
