import createClient, { type Middleware } from 'openapi-fetch';
import { answerTo, keeping } from './kept.ts';
import type { components, paths } from './schema.d.ts';

type Schemas = components['schemas'];
export type Problem = Schemas['Problem'];
export type ProblemType = Problem['type'] | 'offline';
export type Account = Schemas['Account'];
export type Identity = Schemas['Identity'];
export type IdentityRequest = Schemas['IdentityRequest'];
export type Mailbox = Schemas['Mailbox'];
export type Message = Schemas['Message'];
export type MessageSummary = Schemas['MessageSummary'];
export type Attachment = Schemas['Attachment'];
export type AttachmentDetails = Schemas['AttachmentDetails'];
export type EventPerson = Schemas['EventPerson'];
export type Contact = Schemas['Contact'];
export type Invitation = Schemas['Invitation'];
export type InvitationReply = Schemas['InvitationReplyRequest']['status'];
export type Sign = Schemas['Sign'];
export type Authentication = Schemas['Authentication'];
export type Filter = Schemas['Filter'];
export type Snooze = Schemas['Snooze'];
export type Retention = Schemas['Retention'];
export type RetentionRule = Schemas['RetentionRule'];
export type RetentionPreview = Schemas['RetentionPreview'];
export type Departed = Schemas['Departed'];
export type Session = Schemas['Session'];
export type SignInRequest = Schemas['SignInRequest'];
export type Draft = Schemas['Draft'];
export type DraftContent = Schemas['DraftContent'];
export type DraftSummary = Schemas['DraftSummary'];
export type Submission = Schemas['Submission'];
export type SubmissionRequest = Schemas['SubmissionRequest'];
export type Collection = Schemas['Collection'];
export type CollectionChange = Schemas['CollectionChange'];
export type NewCollection = Schemas['NewCollection'];
export type TemplateRequest = Schemas['TemplateRequest'];
export type Share = Schemas['Share'];
export type ShareRole = Schemas['ShareRole'];
export type NewShare = Schemas['NewShare'];
export type ReceivedShare = Schemas['ReceivedShare'];
export type AccessLogEntry = Schemas['AccessLogEntry'];
export type Comment = Schemas['Comment'];
export type Presence = Schemas['Presence'];
export type Sort = NonNullable<
  paths['/mailboxes/{mailboxId}/messages']['get']['parameters']['query']
>['sort'] &
  string;

/** An answer that is a problem document, or no answer at all (`offline`). */
export class ApiError extends Error {
  readonly type: ProblemType;
  readonly problem: Problem | undefined;
  /** Where what was wanted is to be found instead. */
  readonly location: string | undefined;

  constructor(type: ProblemType, problem?: Problem, location?: string) {
    super(problem?.title ?? type);
    this.type = type;
    this.problem = problem;
    this.location = location;
  }
}

function cookie(name: string): string | undefined {
  const found = document.cookie.split('; ').find((pair) => pair.startsWith(`${name}=`));
  return found && decodeURIComponent(found.slice(name.length + 1));
}

const csrf: Middleware = {
  onRequest({ request }) {
    const token = cookie('XSRF-TOKEN');
    if (token && request.method !== 'GET') request.headers.set('X-XSRF-TOKEN', token);
  },
};

export const client = createClient<paths>({ baseUrl: '/api/v1' });
client.use(csrf, keeping);

interface Answer<T> {
  data?: T | undefined;
  error?: unknown;
  response: Response;
}

/** The data of an answer; a problem is thrown as `ApiError`. */
export async function must<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError('offline');
  }
  if (!answer.response.ok)
    throw problemOf(
      answer.error,
      answer.response.status,
      answer.response.headers.get('Location') ?? undefined,
    );
  return answer.data as T;
}

/** Whatever came instead of an answer, as a problem. */
export function problemOf(body: unknown, status: number, location?: string): ApiError {
  if (typeof body === 'object' && body !== null && 'type' in body && typeof body.type === 'string')
    return new ApiError(body.type as ProblemType, body as Problem, location);
  if (status === 502 || status === 503 || status === 504) return new ApiError('offline');
  return new ApiError(status === 401 ? '/problems/sign-in-required' : '/problems/internal-error');
}

/** A plain GET of a text, as the mail's HTML or its source. */
export async function getText(path: string, signal?: AbortSignal): Promise<string> {
  const address = `/api/v1${path}`;
  let answer: Response | undefined;
  try {
    answer = await fetch(address, { signal: signal ?? null });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
  }
  const response = await answerTo(address, answer);
  if (!response) throw new ApiError('offline');
  if (!response.ok) throw problemOf(await response.json().catch(() => undefined), response.status);
  return response.text();
}
