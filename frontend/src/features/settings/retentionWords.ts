import type { Mailbox, Retention, RetentionPreview, RetentionRule } from '../../api/client.ts';
import { dayDate } from '../../lib/dates.ts';
import { t } from '../../lib/words.ts';

/** What the server takes no rule for: it has a life of its own, or is a view of mail that is elsewhere. */
const without = ['drafts', 'snoozed', 'all', 'flagged'];

export function mayHaveRule({ role, selectable, rights }: Mailbox): boolean {
  return selectable && rights.removeMessages && !without.includes(role ?? '');
}

const usual = { inbox: 90, trash: 30, junk: 30 } as const;

export function usualDays({ role }: Mailbox): number | undefined {
  return role !== null && role in usual ? usual[role as keyof typeof usual] : undefined;
}

/** A rule in a few words each: what it does, and what there is to know of it. */
export function wordsOfRule(rule: Retention, now = new Date()): { what: string; more: string } {
  const { afterDays, setBy, operatorDays, target } = rule;
  const more: string[] = [];
  if (afterDays !== null && !rule.keepFlagged) more.push(t('retention.flaggedToo'));
  if (rule.actsAt !== null && Date.parse(rule.actsAt) > now.getTime())
    more.push(t('retention.starts', { date: dayDate(rule.actsAt, now) }));
  if (setBy === 'operator') more.push(t('retention.byOperator'));
  else if (operatorDays !== null) more.push(t('retention.insteadOf', { n: operatorDays }));
  if (afterDays !== null && rule.leaving > 0) more.push(t('retention.leaving', { n: rule.leaving }));
  const what =
    afterDays === null
      ? t('retention.everything')
      : t(target === 'trash' ? 'retention.toTrash' : 'retention.forEver', { n: afterDays });
  return { what, more: more.join(' · ') };
}

/** What would happen, in one sentence. */
export function wordsOfPreview(
  { count, total, actsAt }: RetentionPreview,
  target: Retention['target'],
  folder: string,
  now = new Date(),
): string {
  const date = dayDate(actsAt, now);
  if (total === 0) return t('retention.previewEmpty', { folder, date });
  if (count === 0) return t('retention.previewNone', { total, folder, date });
  const word = target === 'trash' ? 'retention.previewTrash' : 'retention.previewNowhere';
  return t(word, { n: count, total, folder, date });
}

/** The operator's rule, as one that would be set. */
export function operatorsRule({ operatorDays, operatorKeepFlagged }: Retention): RetentionRule | undefined {
  return operatorDays === null ? undefined : { afterDays: operatorDays, keepFlagged: operatorKeepFlagged };
}
