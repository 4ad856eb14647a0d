import type { Submission } from '../../api/client.ts';
import { queryClient, submissions } from '../../api/queries.ts';
import { sentence } from '../../api/sentences.ts';
import { cancelSubmission, notTakenBack, UNDO_SECONDS } from '../../api/submissions.ts';
import { prefs, setPref } from '../../lib/prefs.svelte.ts';
import { t } from '../../lib/words.ts';
import { ask } from '../../ui/ask.svelte.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import { openAgain } from './elsewhere.ts';
import { isOurs, reopen } from './send.ts';

type Kind = 'scheduled' | 'sending' | 'retry' | 'rejected' | 'unknown';

/** A mail that has not gone, or perhaps not. */
export interface Waiting extends Submission {
  kind: Kind;
  /** What the server said of it. */
  why: string;
}

const SECOND = 1_000;
/** What goes as usual is gone before anybody looks for it. */
const USUAL = 60 * SECOND;
const SHOWN = 7 * 86_400 * SECOND;
const MOST_HIDDEN = 200;

/** What there is to see of what was sent: those of which something is to come or to be done. */
export function outboxOf(all: Submission[], now: Date, hidden: string[] = []): Waiting[] {
  const ago = (time: string) => now.getTime() - Date.parse(time);
  return all.flatMap((one) => {
    const kind = kindOf(one);
    const ended = kind === 'rejected' || kind === 'unknown';
    if (!kind || (kind === 'sending' && ago(one.createdAt) < USUAL)) return [];
    if (ended && (hidden.includes(one.id) || ago(one.changedAt) > SHOWN)) return [];
    const said = one.recipients.flatMap(({ email, detail }) => (detail ? `${detail} (${email})` : []));
    return [{ ...one, kind, why: [...new Set(said)].join(', ') }];
  });
}

function kindOf({ state, createdAt, sendAt }: Submission): Kind | undefined {
  switch (state) {
    case 'held': {
      const wait = Date.parse(sendAt ?? createdAt) - Date.parse(createdAt);
      return wait > (UNDO_SECONDS + 1) * SECOND ? 'scheduled' : 'sending';
    }
    case 'retry':
    case 'rejected':
    case 'unknown':
      return state;
    case 'done':
    case 'cancelled':
      return undefined;
    default:
      return 'sending';
  }
}

/** Whether it goes without anybody's doing. */
export function isGoing(one: Submission): boolean {
  return kindOf(one) === 'sending';
}

/** Whether there is a text of it that can be gone on with. */
export function canOpen({ id, draftId }: Submission): boolean {
  return isOurs(id) || draftId !== null;
}

/**
 * Takes it back, and opens it where there is a draft of it. The answer is why not, '' when it was, or nothing when the
 * user did not want to.
 */
export async function cancel(one: Submission): Promise<string | undefined> {
  const subject = one.subject || t('message.noSubject');
  const question = {
    title: t('outbox.cancelAsk', { subject }),
    text: t('outbox.cancelText'),
    yes: t('outbox.cancel'),
    danger: true,
  };
  if (!canOpen(one) && (await ask(question)) === undefined) return undefined;
  let cancelled: Submission;
  try {
    cancelled = await cancelSubmission(one.id);
  } catch (error) {
    return notTakenBack(error);
  } finally {
    void queryClient.invalidateQueries({ queryKey: submissions().queryKey });
  }
  if (!canOpen(cancelled)) toasts.show({ text: t('outbox.cancelled', { subject }) });
  else {
    const why = await open(cancelled);
    if (why) toasts.problem(t('outbox.inDrafts', { subject, why }));
  }
  return '';
}

/** Opens what was not sent. The answer is why not, or ''. */
export async function open({ id, draftId }: Submission): Promise<string> {
  try {
    if (isOurs(id)) reopen(id);
    else if (draftId !== null) await openAgain(draftId);
    return '';
  } catch (error) {
    return sentence(error);
  }
}

/** On this device nobody wants to see it any more; the server forgets it in time. */
export function hide({ id }: Submission): void {
  setPref('hiddenSubmissions', [...prefs.hiddenSubmissions, id].slice(-MOST_HIDDEN));
}
