import { ApiError, client, must, type Submission } from '../../api/client.ts';
import { sentence } from '../../api/sentences.ts';
import { cancelSubmission, notTakenBack, UNDO_SECONDS } from '../../api/submissions.ts';
import { fullDate } from '../../lib/dates.ts';
import { spokenFile } from '../../lib/forgotten.ts';
import { randomKey } from '../../lib/random.ts';
import { t } from '../../lib/words.ts';
import { ask } from '../../ui/ask.svelte.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import type { Compose } from './compose.svelte.ts';
import { composer } from './composer.svelte.ts';
import { isDoubtful, meansThem } from './doubts.ts';
import { dropDraft } from './drafts.ts';

/** What we sent lately, to open it again where it is undone or refused. */
const sent = new Map<string, Compose>();

/**
 * Hands the mail over, to go at that time. It leaves the screen when the server has it safely, and can be taken back for
 * a while.
 */
export async function send(compose: Compose, at?: Date): Promise<void> {
  if (!hasRecipients(compose) || compose.sending || compose.waiting) return;
  compose.sendAt = at;
  // Pictures of a mail that is quoted are no files of the writer's.
  const hasFile = compose.included.some((one) => !(one.contentId && one.part));
  const word = !hasFile && spokenFile(compose.subject, compose.html, t('quote.forwarded'));
  if (word && !(await meantWithoutFile(word))) return;
  if (isDoubtful(compose) && !(await meansThem(compose))) return;
  if (!(await filesThere(compose))) return;
  // That took a while, in which there may have come others.
  if (!hasRecipients(compose) || (isDoubtful(compose) && !(await meansThem(compose)))) return;
  // The server would send it at once.
  if (at && at.getTime() <= Date.now()) {
    compose.problem = t('later.over');
    return;
  }

  compose.sending = true;
  await compose.saving.finish();
  const request = compose.request(UNDO_SECONDS);
  // After a reload it is the same one, too.
  compose.keep();
  try {
    const submission = await must(
      client.POST('/submissions', {
        params: { header: { 'Idempotency-Key': compose.key } },
        body: request,
      }),
    );
    sent.set(submission.id, compose);
    composer.close(compose);
    dropDraft(compose.id);
    toasts.show({
      text: at ? t('sent.later', { time: fullDate(submission.sendAt ?? at.toISOString()) }) : t('sent.soon'),
      seconds: UNDO_SECONDS,
      action: { label: t('undo'), run: () => void takeBack(submission) },
    });
  } catch (error) {
    // An earlier try, of which nobody heard, was kept: what was changed since is another mail.
    const kept = error instanceof ApiError && error.type === '/problems/idempotency-key-reused';
    const lost = error instanceof ApiError && compose.forget(error, request.attachments ?? []);
    compose.problem = kept ? t('compose.wentBefore') : lost ? t('compose.filesGone') : sentence(error);
    compose.saving.resume();
    // Refused for certain: the next try may be another mail. Without an answer it must stay the same one.
    if (error instanceof ApiError && error.problem && error.problem.status < 500) compose.key = randomKey();
  } finally {
    compose.sending = false;
  }
}

/** Whether there are any, all of them with an address; or it says why not. */
export function hasRecipients(compose: Compose): boolean {
  const wrong = compose.wrong[0];
  if (compose.recipients.length === 0) compose.problem = t('compose.noRecipient');
  else if (wrong) compose.problem = t('compose.wrongRecipient', { address: wrong.email });
  else compose.problem = '';
  return compose.problem === '';
}

/** A mail that speaks of a file and has none goes only if that is meant. */
async function meantWithoutFile(word: string): Promise<boolean> {
  const question = { title: t('ask.noFile'), text: t('ask.noFileText', { word }), yes: t('ask.sendAnyway') };
  return (await ask(question)) !== undefined;
}

/** Waits for the files that are on their way; false when one does not come, or the user will not wait. */
async function filesThere(compose: Compose): Promise<boolean> {
  compose.waiting = true;
  while (compose.waiting && compose.unfinished.length > 0) {
    if (compose.unfinished.some(({ upload }) => !upload || upload.state === 'failed')) {
      compose.problem = t('compose.fileNotThere');
      compose.waiting = false;
      return false;
    }
    await Promise.race(compose.unfinished.map(({ upload }) => upload?.settled));
  }
  const asked = compose.waiting;
  compose.waiting = false;
  return asked;
}

async function takeBack(submission: Submission): Promise<void> {
  try {
    await cancelSubmission(submission.id);
    reopen(submission.id);
  } catch (error) {
    toasts.problem(notTakenBack(error));
  }
}

/** Whether it was written in this page, which has all of it. */
export function isOurs(submissionId: string): boolean {
  return sent.has(submissionId);
}

/** Opens what was written in this page. */
export function reopen(submissionId: string): void {
  const compose = sent.get(submissionId);
  if (!compose) return;
  sent.delete(submissionId);
  // The draft is the user's again and may be here already. Ours has the files too, unless that one was written on.
  const { id, revision } = compose.saving.place;
  const there = composer.of(id);
  if (there && !(there.saving.clean && there.saving.place.revision === revision)) {
    composer.reopen(there);
    return;
  }
  if (there) composer.discard(there);
  compose.key = randomKey();
  compose.saving.resume();
  composer.reopen(compose);
  compose.keep();
}

/** What became of it, told by the event stream. True when its draft is the user's again, and not opened here. */
export async function followSubmission({
  submissionId,
  state,
}: {
  submissionId: string;
  state: string;
}): Promise<boolean> {
  const compose = sent.get(submissionId);
  switch (state) {
    case 'done': {
      sent.delete(submissionId);
      const why = compose ? await refusal(submissionId) : '';
      if (why) toasts.problem(t('sent.partly', { why }));
      else if (compose) toasts.show({ text: t('sent.done'), seconds: 4 });
      break;
    }
    case 'rejected':
      toasts.problem(
        t('sent.rejected', {
          why: await refusal(submissionId),
          subject: compose?.subject || t('message.noSubject'),
        }),
        compose && { label: t('sent.openAgain'), run: () => reopen(submissionId) },
      );
      break;
    case 'retry':
      toasts.show({ text: t('sent.retry'), seconds: 8 });
      break;
    case 'unknown':
      toasts.problem(t('sent.unknown'));
      break;
    case 'cancelled':
      return !compose;
  }
  return state === 'rejected' || state === 'unknown';
}

async function refusal(submissionId: string): Promise<string> {
  try {
    const { recipients } = await must(
      client.GET('/submissions/{submissionId}', { params: { path: { submissionId } } }),
    );
    const refused = recipients.filter((one) => one.state === 'refused');
    return refused.map((one) => `${one.email}${one.detail ? ` (${one.detail})` : ''}`).join(', ');
  } catch {
    return '';
  }
}
