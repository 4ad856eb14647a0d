import { ApiError, type Collection, type NewCollection, type ProblemType } from '../../api/client.ts';
import { sentence } from '../../api/sentences.ts';
import { readingDate } from '../../lib/dates.ts';
import { t } from '../../lib/words.ts';

export interface CollectionFields {
  host: string;
  port: string;
  security: 'tls' | 'starttls';
  username: string;
  password: string;
  mailboxId: string;
  action: 'delete' | 'keep' | 'delete-later';
  days: string;
  intervalMinutes: number;
}

export const INTERVALS = [5, 15, 30, 60, 180, 720, 1440];

export function fieldsOf(collection: Collection | undefined, mailboxId: string): CollectionFields {
  return {
    host: collection?.server.host ?? '',
    port: collection?.server.port?.toString() ?? '',
    security: collection?.server.security ?? 'tls',
    username: collection?.username ?? '',
    password: '',
    mailboxId: collection?.mailboxId ?? mailboxId,
    action: collection?.afterStoring.action ?? 'delete-later',
    days: collection?.afterStoring.days?.toString() ?? '14',
    intervalMinutes: collection?.intervalMinutes ?? 15,
  };
}

export function requestOf(fields: CollectionFields): NewCollection {
  const port = fields.port.trim();
  return {
    server: {
      host: fields.host.trim(),
      security: fields.security,
      ...(port === '' ? {} : { port: Number(port) }),
    },
    username: fields.username.trim(),
    password: fields.password,
    mailboxId: fields.mailboxId,
    afterStoring:
      fields.action === 'delete-later'
        ? { action: fields.action, days: Number(fields.days) }
        : { action: fields.action },
    intervalMinutes: fields.intervalMinutes,
  };
}

/** Only what is another login is tried with the server. */
export function changeOf(fields: CollectionFields, before: Collection): Partial<NewCollection> {
  const { server, username, password, ...rest } = requestOf(fields);
  const moved =
    server.host !== before.server.host ||
    (server.port ?? before.server.port) !== before.server.port ||
    server.security !== before.server.security;
  return {
    ...rest,
    ...(moved ? { server } : {}),
    ...(username === before.username ? {} : { username }),
    ...(password === '' ? {} : { password }),
  };
}

export function intervalName(minutes: number): string {
  if (minutes === 1440) return t('collections.daily');
  if (minutes % 60 === 0) return t('collections.everyHours', { n: minutes / 60 });
  return t('collections.everyMinutes', { n: minutes });
}

/** How it is going, in a sentence or two. */
export function stateOf(collection: Collection, now = Date.now()): string {
  const { state, progress, lastRun, paused, nextRunAt } = collection;
  if (state === 'credentials-rejected') return t('collections.rejected');
  if (progress && progress.total > 0)
    return [
      t('collections.progress', { done: progress.done, total: progress.total }),
      paused && state === 'idle' ? t('collections.paused') : lastRun?.problem ? ended(collection) : '',
    ]
      .filter(Boolean)
      .join('. ');
  if (state === 'running') return t('collections.running');
  if (nextRunAt !== null && (lastRun === null || Date.parse(nextRunAt) <= now))
    return t('collections.waiting');
  return [paused ? t('collections.paused') : '', ended(collection)].filter(Boolean).join(' ');
}

function ended({ lastRun }: Collection): string {
  if (lastRun === null) return '';
  if (lastRun.problem !== null) {
    const problem = sentence(new ApiError(lastRun.problem as ProblemType));
    return t(lastRun.problemAt === 'target' ? 'collections.atTarget' : 'collections.atSource', { problem });
  }
  const time = readingDate(lastRun.at);
  const said =
    lastRun.collected === 0
      ? t('collections.none', { time })
      : t('collections.fetched', { n: lastRun.collected, time });
  return lastRun.refused === 0 ? said : `${said} ${t('collections.refused', { n: lastRun.refused })}`;
}

/** What went wrong when it was kept. */
export function collectionSentence(error: unknown): string {
  if (!(error instanceof ApiError)) return sentence(error);
  const field = error.problem?.errors?.[0];
  if (error.type === '/problems/account-credentials-rejected') return t('collections.wrong');
  if (error.type === '/problems/already-exists') return t('collections.there');
  if (field?.pointer === '/username') return t('collections.itself');
  return sentence(error);
}
