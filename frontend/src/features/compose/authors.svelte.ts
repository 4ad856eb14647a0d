import { createQueries, createQuery } from '@tanstack/svelte-query';
import { isOwn, mayWrite } from '../../api/access.ts';
import type { Account, Identity } from '../../api/client.ts';
import { identities, session } from '../../api/queries.ts';
import { sameAddress } from '../../lib/addresses.ts';
import type { Compose } from './compose.svelte.ts';

const identitiesOf = (accountId: () => string) => createQuery(() => identities(accountId()));
const identitiesOfAll = (accountIds: () => string[]) =>
  createQueries(() => ({ queries: accountIds().map((id) => identities(id)) }));

/** As whom a mail may be written: as oneself, or in the name of those who share that. Made by a component. */
export class Authors {
  readonly #compose: Compose;
  readonly #session = createQuery(session);
  readonly #own: ReturnType<typeof identitiesOf>;
  readonly #shared: ReturnType<typeof identitiesOfAll>;

  constructor(compose: Compose) {
    this.#compose = compose;
    this.#own = identitiesOf(() => compose.accountId);
    this.#shared = identitiesOfAll(() => this.#accounts.map(({ id }) => id));
  }

  #accounts: Account[] = $derived.by(() =>
    (this.#session.data?.accounts ?? []).filter((one) => !isOwn(one) && mayWrite(one)),
  );

  /** One's own first. */
  all: Identity[] = $derived.by(() => [
    ...(this.#own.data ?? []),
    ...this.#shared.flatMap(({ data }) => data ?? []),
  ]);

  /** In whose name it is written, if not in one's own. */
  get behalf(): Account | undefined {
    return this.accountOf(this.#compose.from.email);
  }

  /** The one that somebody shares and that has this address; nothing for an address of one's own. */
  accountOf(email: string): Account | undefined {
    const has = (all: Identity[] | undefined) => all?.some((one) => sameAddress(one.email, email)) ?? false;
    return has(this.#own.data) ? undefined : this.#accounts.find((_, at) => has(this.#shared[at]?.data));
  }

  /** Of oneself, as recipients are told. */
  get sender(): string {
    return this.#session.data?.user.address ?? '';
  }
}
