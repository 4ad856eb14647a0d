import { client, type Mailbox, type MessageSummary, must } from '../../api/client.ts';
import { mailboxes, queryClient, snoozes } from '../../api/queries.ts';
import { sentence } from '../../api/sentences.ts';
import { fullDate } from '../../lib/dates.ts';
import { t } from '../../lib/words.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import { allDone, perform, refreshLists } from './actions.ts';

/** Puts messages out of sight until a time. `away` is where they go, once there is such a folder. */
export async function snooze(
  messages: MessageSummary[],
  until: Date,
  away: Mailbox | undefined,
): Promise<void> {
  const before = new Before(messages);
  const time = until.toISOString();
  await perform(
    messages,
    { moveTo: away?.id ?? null },
    async (ids) => {
      await before.ask();
      return must(client.POST('/messages/snooze', { body: { ids, until: time } }));
    },
    {
      done: t('done.snoozed', { n: messages.length, time: fullDate(time) }),
      undo: () => before.restore(),
    },
  );
  refresh();
}

/** Brings messages back to where they were. */
export async function bringBack(messages: MessageSummary[]): Promise<void> {
  const before = new Before(messages);
  await perform(
    messages,
    { moveTo: null },
    async (ids) => {
      await before.ask();
      return must(client.DELETE('/messages/snooze', { body: { ids } }));
    },
    { done: t('done.broughtBack', { n: messages.length }), undo: () => before.restore() },
  );
  refresh();
}

/** Until when messages were away before something was done to them. */
class Before {
  readonly #messages: MessageSummary[];
  #times: Map<string, string> | undefined;

  constructor(messages: MessageSummary[]) {
    this.#messages = messages;
  }

  /** Asks the server, once: what is kept here may be old, or not here at all, as in a search. */
  async ask(): Promise<void> {
    if (this.#times) return;
    const accountIds = queryClient
      .getQueriesData<Mailbox[]>({ queryKey: mailboxes('').queryKey.slice(0, 1) })
      .flatMap(([, all]) => all ?? [])
      .filter(({ id, role }) => role === 'snoozed' && this.#messages.some((one) => one.mailboxId === id))
      .map(({ accountId }) => accountId);
    const path = '/accounts/{accountId}/snoozes';
    const answers = await Promise.all(
      accountIds.map((accountId) => must(client.GET(path, { params: { path: { accountId } } }))),
    );
    this.#times = new Map(answers.flatMap(({ items }) => items).map(({ id, until }) => [id, until]));
  }

  /** What was away goes away again until its time, the others come back; also where that time is over by now. */
  async restore(): Promise<void> {
    const times = this.#times;
    // Nothing was done.
    if (!times) return;
    const now = Date.now();
    const ahead = (until = '') => (Date.parse(until) > now ? until : undefined);
    try {
      for (const until of new Set(this.#messages.map(({ id }) => ahead(times.get(id))))) {
        const ids = this.#messages.filter(({ id }) => ahead(times.get(id)) === until).map(({ id }) => id);
        allDone(
          await must(
            until === undefined
              ? client.DELETE('/messages/snooze', { body: { ids } })
              : client.POST('/messages/snooze', { body: { ids, until } }),
          ),
        );
      }
    } catch (error) {
      toasts.problem(t('failed.undo', { why: sentence(error) }));
    }
    refreshLists();
    refresh();
  }
}

function refresh(): void {
  void queryClient.invalidateQueries({ queryKey: snoozes('').queryKey.slice(0, 1) });
}
