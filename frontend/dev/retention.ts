import type { components } from '../src/api/schema.d.ts';
import type { Mail } from './world.ts';

type Schemas = components['schemas'];
type Rule = { afterDays: number | null; keepFlagged: boolean };
type Reply = { status?: number; json?: unknown; type?: string };

const DAY = 86_400_000;
const [INBOX, TRASH, SURVEY] = ['1-1', '1-6', '1-9'];
/** What the operator has set. */
const operator = new Map<string, Rule>([[TRASH, { afterDays: 30, keepFlagged: true }]]);

/** Rules, and what they would take, over the mail of the made-up server. */
export function makeRetention(mails: Map<string, Mail[]>, move: (them: Mail[], to: string) => void) {
  const own = new Map<string, Rule & { actsAt: number }>([
    [SURVEY, { afterDays: 14, keepFlagged: true, actsAt: Date.now() - 60 * DAY }],
  ]);
  const left = new Map<string, Schemas['Departed']>(
    [...(mails.get(TRASH) ?? [])]
      .filter((_, n) => n % 4 === 1)
      .map(({ id }, n) => [
        id,
        {
          id,
          mailboxId: n === 1 ? SURVEY : INBOX,
          leftAt: new Date(Date.now() - (n + 1) * DAY).toISOString(),
        },
      ]),
  );
  const soon = () => Date.now() + 7 * DAY;
  const nowhere = (mailboxId: string) => mailboxId === TRASH;
  const ruleOf = (mailboxId: string) => own.get(mailboxId) ?? operator.get(mailboxId);
  const leaves = (mail: Mail, { afterDays, keepFlagged }: Rule): number | undefined => {
    if (afterDays === null || mail.keywords.has('$pinned')) return undefined;
    if (keepFlagged && mail.keywords.has('$flagged')) return undefined;
    const since = mail.mailboxId === TRASH ? Date.now() - 5 * DAY : mail.receivedAt;
    return since + afterDays * DAY;
  };
  const departures = () =>
    [...new Set([...operator.keys(), ...own.keys()])].flatMap((mailboxId) => {
      const rule = ruleOf(mailboxId);
      if (!rule) return [];
      const first = own.get(mailboxId)?.actsAt ?? 0;
      return (mails.get(mailboxId) ?? []).flatMap((mail) => {
        const at = leaves(mail, rule);
        const leavesAt = at && Math.max(at, first, Date.now() + 60_000);
        return leavesAt && leavesAt < Date.now() + 30 * DAY
          ? [{ id: mail.id, leavesAt: new Date(leavesAt).toISOString(), mailboxId }]
          : [];
      });
    });
  const shown = (mailboxId: string): Schemas['Retention'] => {
    const rule = ruleOf(mailboxId);
    const actsAt = own.get(mailboxId)?.actsAt ?? 0;
    return {
      mailboxId,
      afterDays: rule?.afterDays ?? null,
      keepFlagged: rule?.keepFlagged ?? true,
      setBy: own.has(mailboxId) ? 'user' : rule ? 'operator' : null,
      operatorDays: operator.get(mailboxId)?.afterDays ?? null,
      operatorKeepFlagged: true,
      actsAt: rule?.afterDays ? new Date(actsAt || Date.now() - DAY).toISOString() : null,
      target: nowhere(mailboxId) ? 'nowhere' : 'trash',
      leaving: departures().filter((one) => one.mailboxId === mailboxId).length,
    };
  };
  const preview = (mailboxId: string, rule: Rule): Schemas['RetentionPreview'] => {
    const all = mails.get(mailboxId) ?? [];
    const them = all
      .filter((mail) => (leaves(mail, rule) ?? Number.POSITIVE_INFINITY) <= Date.now())
      .sort((a, b) => a.receivedAt - b.receivedAt);
    return {
      count: them.length,
      total: all.length,
      items: them.slice(0, 50).map(({ id, from, subject, receivedAt }) => ({
        id,
        from: [from],
        subject,
        receivedAt: new Date(receivedAt).toISOString(),
      })),
      actsAt: rule.afterDays === null ? null : new Date(soon()).toISOString(),
    };
  };

  /** Undefined for what is not about this. */
  return (key: string, id: string, body: unknown): Reply | undefined => {
    const rule: Rule = { keepFlagged: true, ...(body as Partial<Rule> & { afterDays: number | null }) };
    switch (key) {
      case 'GET accounts/:id/retention':
        return { json: { items: [...new Set([...operator.keys(), ...own.keys()])].map(shown) } };
      case 'GET accounts/:id/departures': {
        const items = departures()
          .map(({ id: message, leavesAt }) => ({ id: message, leavesAt }))
          .sort((a, b) => a.leavesAt.localeCompare(b.leavesAt));
        return { json: { items: items.slice(0, 10_000), total: items.length } };
      }
      case 'GET accounts/:id/departed': {
        const here = new Set((mails.get(TRASH) ?? []).map((mail) => mail.id));
        return { json: { items: [...left.values()].filter((one) => here.has(one.id)) } };
      }
      case 'POST departed/:id': {
        const { ids } = body as { ids: string[] };
        const trash = mails.get(TRASH) ?? [];
        const failed: { id: string; type: string }[] = [];
        for (const one of ids) {
          const mail = trash.find((other) => other.id === one);
          const was = left.get(one);
          if (mail && was) move([mail], was.mailboxId);
          else failed.push({ id: one, type: '/problems/not-found' });
        }
        return { json: { changed: ids.length - failed.length, failed } };
      }
      case 'GET mailboxes/:id/retention':
        return { json: shown(id) };
      case 'PUT mailboxes/:id/retention':
        own.set(id, { ...rule, actsAt: soon() });
        return { json: shown(id) };
      case 'DELETE mailboxes/:id/retention':
        own.delete(id);
        return { status: 204 };
      case 'POST mailboxes/:id/retention/:id':
        return { json: preview(id, rule) };
      default:
        return undefined;
    }
  };
}
