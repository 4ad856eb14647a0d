import { client, type Mailbox, type MessageSummary, must, type Snooze } from '../../api/client.ts';
import { queryClient, snoozes } from '../../api/queries.ts';
import { fullDate } from '../../lib/dates.ts';
import { t } from '../../lib/words.ts';
import { perform } from './actions.ts';

/** Puts messages out of sight until a time. `away` is where they go, once there is such a folder. */
export async function snooze(
  messages: MessageSummary[],
  until: Date,
  away: Mailbox | undefined,
): Promise<void> {
  const earlier = known();
  const time = until.toISOString();
  await perform(
    messages,
    { moveTo: away?.id ?? null },
    (ids) => must(client.POST('/messages/snooze', { body: { ids, until: time } })),
    {
      done: t('done.snoozed', { n: messages.length, time: fullDate(time) }),
      undo: () => restore(messages, earlier),
    },
  );
  refresh();
}

/** Brings messages back to where they were. */
export async function bringBack(messages: MessageSummary[]): Promise<void> {
  const earlier = known();
  await perform(
    messages,
    { moveTo: null },
    (ids) => must(client.DELETE('/messages/snooze', { body: { ids } })),
    { done: t('done.broughtBack', { n: messages.length }), undo: () => restore(messages, earlier) },
  );
  refresh();
}

/** What was away goes away again until its time, the others come back. */
async function restore(messages: MessageSummary[], earlier: Map<string, Snooze>): Promise<void> {
  const byTime = Map.groupBy(messages, ({ id }) => earlier.get(id)?.until);
  for (const [until, group] of byTime) {
    const ids = group.map(({ id }) => id);
    await must(
      until === undefined
        ? client.DELETE('/messages/snooze', { body: { ids } })
        : client.POST('/messages/snooze', { body: { ids, until } }),
    );
  }
  refresh();
}

function known(): Map<string, Snooze> {
  const all = queryClient.getQueriesData<Snooze[]>({ queryKey: snoozes('').queryKey.slice(0, 1) });
  return new Map(all.flatMap(([, some]) => some ?? []).map((one) => [one.id, one]));
}

function refresh(): void {
  void queryClient.invalidateQueries({ queryKey: ['snoozes'] });
}
