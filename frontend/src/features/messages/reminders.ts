import { client, type MessageSummary, must } from '../../api/client.ts';
import { followUps, queryClient } from '../../api/queries.ts';
import { sentence } from '../../api/sentences.ts';
import { fullDate } from '../../lib/dates.ts';
import { t } from '../../lib/words.ts';
import { toasts } from '../../ui/toasts.svelte.ts';

/** Has a sent message come to the inbox then, if nobody has answered it. */
export async function remind(message: MessageSummary, accountId: string, at: Date): Promise<void> {
  const remindAt = at.toISOString();
  try {
    const { id } = await must(client.POST('/follow-ups', { body: { messageId: message.id, remindAt } }));
    toasts.show({
      text: t('done.remind', { time: fullDate(remindAt) }),
      action: { label: t('undo'), run: () => void cancelReminder(id, accountId) },
    });
  } catch (error) {
    toasts.problem(t('failed.change', { why: sentence(error) }));
  }
  await refresh(accountId);
}

export async function cancelReminder(id: string, accountId: string): Promise<void> {
  try {
    await must(client.DELETE('/follow-ups/{followUpId}', { params: { path: { followUpId: id } } }));
    toasts.show({ text: t('done.notRemind'), seconds: 4 });
  } catch (error) {
    toasts.problem(t('failed.undo', { why: sentence(error) }));
  }
  await refresh(accountId);
}

function refresh(accountId: string): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: followUps(accountId).queryKey });
}
