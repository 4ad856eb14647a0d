import { ApiError, client, type Filter, type Mailbox, type MessageSummary, must } from '../../api/client.ts';
import { inOrder } from '../../api/inOrder.ts';
import { eachList } from '../../api/lists.ts';
import { applyChange, type Change } from '../../api/optimistic.ts';
import { queryClient } from '../../api/queries.ts';
import { sentence } from '../../api/sentences.ts';
import { t } from '../../lib/words.ts';
import { toasts } from '../../ui/toasts.svelte.ts';

const AT_MOST = 10_000;

interface Outcome {
  changed: number;
  failed: { id: string; type: string }[];
}

/** Sets or takes a keyword. Single marks are seen where they are made; many, or what keeps, are worth a word and an undo. */
export async function mark(messages: MessageSummary[], keyword: string, on: boolean): Promise<void> {
  const them = messages.filter((message) => message.keywords.includes(keyword) !== on);
  if (them.length === 0) return;
  const change = { keywords: { [keyword]: on } };
  await perform(them, change, (ids) => must(client.PATCH('/messages', { body: { ids, ...change } })), {
    done: doneWith(keyword, on, them.length),
    undo: () =>
      mark(
        them.map((message) => ({ ...message, keywords: toggled(message, keyword, on) })),
        keyword,
        !on,
      ),
  });
  // When it leaves now, only the server knows.
  if (keyword === '$pinned') void queryClient.invalidateQueries({ queryKey: ['departures'] });
}

function doneWith(keyword: string, on: boolean, n: number): string | undefined {
  if (keyword === '$pinned') return t(on ? 'done.kept' : 'done.letGo', { n });
  return n > 1 ? t('done.marked', { n }) : undefined;
}

function toggled({ keywords }: MessageSummary, keyword: string, on: boolean): string[] {
  return on ? [...keywords, keyword] : keywords.filter((one) => one !== keyword);
}

/** Moves messages; where they came from is remembered for the undo. */
export async function move(messages: MessageSummary[], to: Mailbox, name: string): Promise<void> {
  const them = messages.filter((message) => message.mailboxId !== to.id);
  if (them.length === 0) return;
  const call = (ids: string[]) => must(client.PATCH('/messages', { body: { ids, mailboxId: to.id } }));
  await perform(them, { moveTo: to.id }, call, {
    done: t('done.moved', { n: them.length, folder: name }),
    undo: () => back(them),
  });
}

/**
 * To Trash, or for ever where there is none or they are in it already; the caller has asked before. From an unseen one
 * nothing can be brought back.
 */
export async function remove(
  messages: MessageSummary[],
  trash: Mailbox | 'unseen' | undefined,
): Promise<void> {
  if (messages.length === 0) return;
  const unseen = trash === 'unseen';
  const forever = !trash || (!unseen && messages.every((message) => message.mailboxId === trash.id));
  const call = (ids: string[]) => must(client.DELETE('/messages', { body: { ids } }));
  await perform(messages, { moveTo: forever || unseen ? null : trash.id }, call, {
    done: forever
      ? t('done.deletedForever', { n: messages.length })
      : t('done.deleted', { n: messages.length }),
    undo: forever || unseen ? undefined : () => back(messages),
  });
}

/** Brings messages back to where they were before a rule took them to Trash. */
export async function putBack(messages: MessageSummary[]): Promise<void> {
  if (messages.length === 0) return;
  const call = (ids: string[]) => must(client.POST('/departed/return', { body: { ids } }));
  await perform(messages, { moveTo: null }, call, {
    done: t('done.putBack', { n: messages.length }),
    undo: () => back(messages),
  });
  for (const what of ['departed', 'departures', 'mailboxes'])
    void queryClient.invalidateQueries({ queryKey: [what] });
}

/** Puts messages back where each of them was. */
async function back(messages: MessageSummary[]): Promise<void> {
  try {
    for (const mailboxId of new Set(messages.map((message) => message.mailboxId))) {
      const ids = messages.filter((message) => message.mailboxId === mailboxId).map(({ id }) => id);
      allDone(await must(client.PATCH('/messages', { body: { ids, mailboxId } })));
    }
  } catch (error) {
    toasts.problem(t('failed.undo', { why: sentence(error) }));
  }
  refreshLists();
}

interface Words {
  done: string | undefined;
  undo: (() => Promise<void>) | undefined;
}

export async function perform(
  messages: MessageSummary[],
  change: Change,
  call: (ids: string[]) => Promise<Outcome>,
  { done, undo }: Words,
): Promise<void> {
  const applied = applyChange(queryClient, messages, change);
  const ids = messages.map((message) => message.id);
  const answer = inOrder(ids, async () => {
    for (let at = 0; at < ids.length; at += AT_MOST) allDone(await call(ids.slice(at, at + AT_MOST)));
  });
  if (done) {
    const run = async () => {
      applied.revert();
      await answer.catch(() => undefined);
      await undo?.();
    };
    toasts.show({ text: done, action: undo && { label: t('undo'), run: () => void run() } });
  }
  try {
    await answer;
    applied.settle();
  } catch (error) {
    applied.revert();
    refreshLists();
    toasts.problem(t('failed.change', { why: sentence(error) }), {
      label: t('retry'),
      run: () => void perform(messages, change, call, { done, undo }),
    });
  }
}

/** Throws what kept some from being done. */
export function allDone({ failed }: Outcome): void {
  const first = failed[0];
  if (first) throw new ApiError(first.type as ApiError['type']);
}

export function refreshLists(): void {
  eachList((list, query) => {
    if (query) list.invalidate();
  });
  void queryClient.invalidateQueries({ queryKey: ['mailboxes'] });
}

/** Changes a whole view of a mailbox, also what was never loaded; there is no undo, so the caller has asked. */
export async function changeAll(
  select: { mailboxId: string; filter?: Filter | undefined },
  change: { keywords?: Record<string, boolean>; mailboxId?: string } | 'delete',
): Promise<void> {
  const whole = { mailboxId: select.mailboxId, ...(select.filter ? { filter: select.filter } : {}) };
  try {
    const outcome = await must(
      change === 'delete'
        ? client.DELETE('/messages', { body: { select: whole } })
        : client.PATCH('/messages', { body: { select: whole, ...change } }),
    );
    toasts.show({ text: t('done.all', { n: outcome.changed }) });
    allDone(outcome);
  } catch (error) {
    toasts.problem(t('failed.change', { why: sentence(error) }));
  }
  refreshLists();
}
