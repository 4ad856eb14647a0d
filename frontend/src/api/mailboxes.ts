import { readerLocale } from '../lib/language.svelte.ts';
import type { Mailbox } from './client.ts';

export interface Node {
  mailbox: Mailbox;
  depth: number;
  children: Node[];
}

const roles = ['inbox', 'flagged', 'snoozed', 'drafts', 'sent', 'archive', 'junk', 'trash', 'all'];
const rank = ({ role }: Mailbox) => {
  const found = role === null ? -1 : roles.indexOf(role);
  return found < 0 ? roles.length : found;
};

/** The mailboxes as a tree: those with a role first, in the order people expect, then by name. */
export function treeOf(mailboxes: Mailbox[], locale = readerLocale()): Node[] {
  const names = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });
  const known = new Set(mailboxes.map(({ id }) => id));
  const level = (parentId: string | null, depth: number): Node[] =>
    mailboxes
      .filter((one) => (one.parentId !== null && known.has(one.parentId) ? one.parentId : null) === parentId)
      .sort((a, b) => rank(a) - rank(b) || names.compare(a.name, b.name))
      .map((mailbox) => ({ mailbox, depth, children: level(mailbox.id, depth + 1) }));
  return level(null, 0);
}

/** The tree as it is drawn: without the children of what is folded. */
export function visibleNodes(nodes: Node[], collapsed: (id: string) => boolean): Node[] {
  return nodes.flatMap((node) => [
    node,
    ...(collapsed(node.mailbox.id) ? [] : visibleNodes(node.children, collapsed)),
  ]);
}

export function byRole(mailboxes: Mailbox[] | undefined, role: Mailbox['role']): Mailbox | undefined {
  return mailboxes?.find((one) => one.role === role);
}
