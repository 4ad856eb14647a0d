import { spoken } from '../lib/language.svelte.ts';
import { t } from '../lib/words.ts';
import { ApiError, type ProblemType } from './client.ts';

type Word = Parameters<typeof t>[0];

const sentences: Partial<Record<ProblemType, Word>> = {
  offline: 'problem.offline',
  '/problems/sign-in-required': 'problem.signInRequired',
  '/problems/sign-in-rejected': 'problem.signInRejected',
  '/problems/not-found': 'problem.notFound',
  '/problems/conflict': 'problem.conflict',
  '/problems/already-exists': 'problem.alreadyExists',
  '/problems/account-credentials-rejected': 'problem.credentials',
  '/problems/idempotency-key-reused': 'problem.keyReused',
  '/problems/request-too-large': 'problem.tooLarge',
  '/problems/operation-not-supported': 'problem.notSupported',
  '/problems/server-unknown': 'problem.serverUnknown',
  '/problems/server-refused': 'problem.serverRefused',
  '/problems/message-refused': 'problem.messageRefused',
  '/problems/too-many-requests': 'problem.tooMany',
  '/problems/certificate-rejected': 'problem.certificate',
  '/problems/server-without-tls': 'problem.withoutTls',
  '/problems/upstream-misbehaved': 'problem.misbehaved',
  '/problems/unsubscribe-failed': 'problem.unsubscribeFailed',
  '/problems/upstream-unavailable': 'problem.unavailable',
  '/problems/unavailable': 'problem.ownUnavailable',
  '/problems/upstream-timeout': 'problem.timeout',
  '/problems/over-quota': 'problem.overQuota',
};

/** The server explains in English. */
const inEnglish = (said: string | null | undefined) =>
  (spoken().code === 'en' ? said : undefined) ?? undefined;

/** What happened and what to do, in one plain sentence. */
export function sentence(error: unknown): string {
  if (!(error instanceof ApiError)) return t('problem.unexpected');
  const word = sentences[error.type];
  if (word) return t(word);
  const own = error.type === '/problems/invalid-request' ? 'problem.invalid' : 'problem.unexpected';
  return inEnglish(error.problem?.detail ?? error.problem?.title) ?? t(own);
}

/** What is wrong with one field, if the server said so of it. */
export function fieldSentence(error: ApiError | undefined, pointer: string): string | undefined {
  const found = error?.problem?.errors?.find((one) => one.pointer === pointer);
  return found && (inEnglish(found.detail) ?? t('problem.field'));
}
