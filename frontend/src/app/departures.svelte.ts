import { createQueries } from '@tanstack/svelte-query';
import { isOwn } from '../api/access.ts';
import type { Mailbox, MessageSummary, Session } from '../api/client.ts';
import { folderName } from '../api/folderNames.ts';
import { departed, departures, retention } from '../api/queries.ts';
import { type Leaving, leftMark, type Mark } from '../lib/leaving.ts';
import { t } from '../lib/words.ts';
import type { Place } from './place.svelte.ts';

type Ids = () => string[];
const rulesOf = (accountIds: Ids) =>
  createQueries(() => ({ queries: accountIds().map((id) => retention(id)) }));
const timesOf = (accountIds: Ids, anyRule: (accountId: string) => boolean) =>
  createQueries(() => ({
    queries: accountIds().map((id) => ({ ...departures(id), enabled: anyRule(id) })),
  }));
const leftOf = (accountIds: Ids, trashOf: () => string | undefined) =>
  createQueries(() => ({
    queries: accountIds().map((id) => ({ ...departed(id), enabled: trashOf() === id })),
  }));

/** What leaves its folder by itself, and what did, of one's own accounts. Made by a component, which keeps it fresh. */
export class Departures {
  readonly #place: Place;
  readonly #accountIds: Ids;
  readonly #rules: ReturnType<typeof rulesOf>;
  readonly #times: ReturnType<typeof timesOf>;
  readonly #left: ReturnType<typeof leftOf>;

  constructor(session: () => Session, place: Place) {
    this.#place = place;
    const ids = () =>
      session()
        .accounts.filter(isOwn)
        .map(({ id }) => id);
    this.#accountIds = ids;
    this.#rules = rulesOf(ids);
    this.#times = timesOf(ids, (accountId) => this.anyRule(accountId));
    this.#left = leftOf(ids, () => (place.mailbox?.role === 'trash' ? place.mailbox.accountId : undefined));
  }

  /** Mailboxes whose messages go for ever. */
  #ends: Set<string> = $derived.by(() => {
    const rules = this.#rules.flatMap(({ data }) => data ?? []);
    return new Set(rules.filter(({ target }) => target === 'nowhere').map(({ mailboxId }) => mailboxId));
  });

  /** Of which each row asks. */
  #known = $derived.by(() => this.#times.flatMap(({ data }) => data ?? []));
  #gone = $derived.by(() => this.#left.flatMap(({ data }) => data ?? []));

  anyRule(accountId: string): boolean {
    const rules = this.#rules[this.#accountIds().indexOf(accountId)]?.data;
    return rules?.some(({ afterDays }) => afterDays !== null) ?? false;
  }

  /** Something in Trash can be put back. */
  get anyLeft(): boolean {
    return this.#gone.some(({ size }) => size > 0);
  }

  leavingOf({ id, mailboxId, keywords }: MessageSummary): Leaving | undefined {
    if (keywords.includes('$pinned')) return undefined;
    for (const times of this.#known) {
      const at = times.get(id);
      if (at) return { at, forEver: this.#ends.has(mailboxId) };
    }
    return undefined;
  }

  /** From where it left, for what lies in Trash since. */
  leftOf({ id, mailboxId }: MessageSummary): { folder: string; at: string } | undefined {
    if (mailboxId !== this.#place.mailbox?.id) return undefined;
    for (const gone of this.#gone) {
      const found = gone.get(id);
      if (found) return { folder: this.#nameOf(found.mailboxId), at: found.leftAt };
    }
    return undefined;
  }

  leftMarkOf(message: MessageSummary): Mark | undefined {
    const left = this.leftOf(message);
    return left && leftMark(left.folder, left.at);
  }

  #nameOf(mailboxId: string): string {
    const mailbox: Mailbox | undefined = this.#place.mailboxes.find(({ id }) => id === mailboxId);
    return mailbox ? folderName(mailbox) : t('left.unknown');
  }
}
