import { t } from '../lib/words.ts';
import { ApiError, client, must, type Submission } from './client.ts';
import { sentence } from './sentences.ts';

/** How long what is handed over is held, so that it can be taken back. */
export const UNDO_SECONDS = 8;

/** Takes back what has not gone yet. */
export function cancelSubmission(submissionId: string): Promise<Submission> {
  return must(client.DELETE('/submissions/{submissionId}', { params: { path: { submissionId } } }));
}

/** Why it goes all the same, in words. */
export function notTakenBack(error: unknown): string {
  const late = error instanceof ApiError && error.type === '/problems/conflict';
  return late ? t('sent.tooLate') : t('sent.notTakenBack', { why: sentence(error) });
}
