import { type AccessLogEntry, ApiError, type Mailbox, type Share } from '../../api/client.ts';
import { folderName } from '../../api/folderNames.ts';
import { sentence } from '../../api/sentences.ts';
import { sharedName } from '../../api/sharing.ts';
import { t } from '../../lib/words.ts';

export const ROLES = ['read', 'triage', 'send', 'full'] as const;

export function roleName(role: Share['role']): string {
  return t(`share.role.${role}`);
}

/** Of which folders; of one that is not there at the moment by its name. */
export function whereOf({ mailboxId, mailboxName }: Share, mailboxes: Mailbox[]): string {
  if (mailboxName === null) return t('share.allFolders');
  const mailbox = mailboxes.find(({ id }) => id === mailboxId);
  return mailbox ? folderName(mailbox) : sharedName(mailboxName);
}

/** How the folder is told; of the others it is the folder that was shared, made or changed. */
const told: Partial<Record<AccessLogEntry['action'], 'share.log.in' | 'share.log.from'>> = {
  opened: 'share.log.in',
  marked: 'share.log.in',
  commented: 'share.log.in',
  'comment-removed': 'share.log.in',
  unsubscribed: 'share.log.in',
  moved: 'share.log.from',
  copied: 'share.log.from',
  deleted: 'share.log.from',
  destroyed: 'share.log.from',
};

/** What somebody did, with the folder that it was done in or from. */
export function logSentence(
  { who, whom, action, count: n, mailboxId }: AccessLogEntry,
  all: Mailbox[],
): string {
  const what = t(`share.log.${action}`, { who, whom: whom ?? '', n: Math.max(1, n) });
  const mailbox = all.find(({ id }) => id === mailboxId);
  if (!mailbox) return what;
  return t(told[action] ?? 'share.log.about', { what, folder: folderName(mailbox) });
}

/** Why an invitation could not be sent. */
export function shareSentence(error: unknown): string {
  if (error instanceof ApiError && error.type === '/problems/already-exists') return t('share.already');
  // Whether it is an address at all was looked at before.
  const refused =
    error instanceof ApiError && error.problem?.errors?.some(({ pointer }) => pointer === '/address');
  return refused ? t('share.ownAddress') : sentence(error);
}
