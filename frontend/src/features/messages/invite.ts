import { ApiError, client, type InvitationReply, must } from '../../api/client.ts';
import { invitation, queryClient } from '../../api/queries.ts';
import { sentence } from '../../api/sentences.ts';
import { cancelSubmission, notTakenBack, UNDO_SECONDS } from '../../api/submissions.ts';
import { randomKey } from '../../lib/random.ts';
import { t } from '../../lib/words.ts';
import { toasts } from '../../ui/toasts.svelte.ts';

/** Keys of answers that we do not know to have arrived: the next try is the same one. */
const open = new Map<string, string>();

/** Tells the organizer; it can be taken back for a while. */
export async function answerInvitation(messageId: string, status: InvitationReply): Promise<void> {
  const wish = `${messageId} ${status}`;
  const key = open.get(wish) ?? randomKey();
  open.set(wish, key);
  try {
    const submission = await must(
      client.POST('/messages/{messageId}/invitation/reply', {
        params: { path: { messageId }, header: { 'Idempotency-Key': key } },
        body: { status, undoSeconds: UNDO_SECONDS },
      }),
    );
    open.delete(wish);
    await refresh(messageId);
    toasts.show({
      text: t('event.telling'),
      seconds: UNDO_SECONDS,
      action: { label: t('undo'), run: () => void takeBack(messageId, submission.id) },
    });
  } catch (error) {
    if (error instanceof ApiError && error.problem && error.problem.status < 500) open.delete(wish);
    toasts.problem(t('event.notTold', { why: sentence(error) }));
  }
}

async function takeBack(messageId: string, submissionId: string): Promise<void> {
  try {
    await cancelSubmission(submissionId);
  } catch (error) {
    toasts.problem(notTakenBack(error));
  }
  await refresh(messageId);
}

const refresh = (messageId: string) =>
  queryClient.invalidateQueries({ queryKey: invitation(messageId).queryKey });
