import { ApiError, client, must, type Submission } from '../../api/client.ts';
import { sentence } from '../../api/sentences.ts';
import { cancelSubmission, notTakenBack, UNDO_SECONDS } from '../../api/submissions.ts';
import { isAddress, type Person } from '../../lib/addresses.ts';
import { randomKey } from '../../lib/random.ts';
import { t } from '../../lib/words.ts';
import { toasts } from '../../ui/toasts.svelte.ts';

/** Those of which nobody knows what became of them, by message: the next try must be the same one. */
const unheard = new Map<string, Redirecting>();

/** A message that is sent on to others. Unless it was never tried, it outlives the dialog that asks whom to. */
export class Redirecting {
  to: Person[] = $state([]);
  /** Who sends it on, once it was tried. */
  from: Person | undefined = $state.raw();
  busy = $state(false);
  problem = $state('');
  done = $state(false);
  /** Whether there is a dialog that tells of it. */
  shown = false;
  readonly #messageId: string;
  /** The same through all tries, so that it cannot go twice. */
  #key = randomKey();

  constructor(messageId: string) {
    this.#messageId = messageId;
  }

  async send(from: Person): Promise<void> {
    const wrong = this.to.find((one) => !isAddress(one.email));
    if (this.to.length === 0) this.problem = t('compose.noRecipient');
    else if (wrong) this.problem = t('compose.wrongRecipient', { address: wrong.email });
    else this.problem = '';
    if (this.problem || this.busy) return;
    this.busy = true;
    this.from ??= from;
    unheard.set(this.#messageId, this);
    try {
      const submission = await must(
        client.POST('/messages/{messageId}/redirect', {
          params: { path: { messageId: this.#messageId }, header: { 'Idempotency-Key': this.#key } },
          body: { from: this.from, to: this.to, undoSeconds: UNDO_SECONDS },
        }),
      );
      unheard.delete(this.#messageId);
      this.done = true;
      toasts.show({
        text: t('sent.soon'),
        seconds: UNDO_SECONDS,
        action: { label: t('undo'), run: () => void takeBack(submission) },
      });
    } catch (error) {
      this.#failed(error);
    } finally {
      this.busy = false;
    }
  }

  #failed(error: unknown): void {
    // An earlier try, of which nobody heard, was kept: what was changed since is another one.
    const kept = error instanceof ApiError && error.type === '/problems/idempotency-key-reused';
    this.problem = kept ? t('compose.wentBefore') : sentence(error);
    if (!this.shown) toasts.problem(t('redirect.failed', { why: this.problem }));
    if (!(error instanceof ApiError && error.problem && error.problem.status < 500)) return;
    // Refused for certain.
    unheard.delete(this.#messageId);
    this.#key = randomKey();
    this.from = undefined;
  }
}

/** Sending that message on, as far as it has come. */
export function redirecting(messageId: string): Redirecting {
  return unheard.get(messageId) ?? new Redirecting(messageId);
}

async function takeBack({ id }: Submission): Promise<void> {
  try {
    await cancelSubmission(id);
    toasts.show({ text: t('redirect.takenBack'), seconds: 4 });
  } catch (error) {
    toasts.problem(notTakenBack(error));
  }
}
