import { createQueries } from '@tanstack/svelte-query';
import { isOwn } from '../api/access.ts';
import type { MessageSummary, Session } from '../api/client.ts';
import { findSummary } from '../api/lists.ts';
import { message, queryClient, shares } from '../api/queries.ts';
import { composer } from '../features/compose/composer.svelte.ts';
import type { Desk } from './desk.svelte.ts';
import type { Place } from './place.svelte.ts';

/** A message that others may see, and what the reader does to it. */
export interface Attended {
  id: string;
  doing: 'reading' | 'replying';
}

const givenOf = (accountIds: () => string[], enabled: () => boolean) =>
  createQueries(() => ({ queries: accountIds().map((id) => ({ ...shares(id), enabled: enabled() })) }));

/** Which messages others see too. Made by a component, which keeps it fresh. */
export class Sharers {
  readonly #session: () => Session;
  readonly #place: Place;
  readonly #desk: Desk;
  readonly #given: ReturnType<typeof givenOf>;

  constructor(session: () => Session, place: Place, desk: Desk) {
    this.#session = session;
    this.#place = place;
    this.#desk = desk;
    this.#given = givenOf(
      () => this.#own,
      () => desk.openId !== undefined,
    );
  }

  #own: string[] = $derived.by(() =>
    this.#session()
      .accounts.filter(isOwn)
      .map(({ id }) => id),
  );

  /** Whether somebody else sees what is in a mailbox. */
  isShared(mailboxId: string | undefined): boolean {
    const accountId = this.#place.mailboxes.find(({ id }) => id === mailboxId)?.accountId;
    if (accountId === undefined) return false;
    const at = this.#own.indexOf(accountId);
    if (at < 0) return true;
    const given = this.#given[at]?.data ?? [];
    return given.some(
      (one) => one.state === 'accepted' && (one.mailboxName === null || one.mailboxId === mailboxId),
    );
  }

  attended: Attended[] = $derived.by(() => {
    const all = new Map<string, Attended['doing']>();
    const { openId } = this.#desk;
    if (openId !== undefined && this.isShared(mailboxOf(openId))) all.set(openId, 'reading');
    for (const { inReplyTo } of composer.windows)
      if (inReplyTo !== undefined && this.isShared(mailboxOf(inReplyTo))) all.set(inReplyTo, 'replying');
    return [...all].map(([id, doing]) => ({ id, doing }));
  });
}

function mailboxOf(id: string): string | undefined {
  const known = findSummary(id) ?? queryClient.getQueryData<MessageSummary>(message(id).queryKey);
  return known?.mailboxId;
}
