import { describe, expect, it } from 'vitest';
import { isOwn, mayWrite } from '../api/access.ts';
import type { Account, Mailbox, Session } from '../api/client.ts';
import { type Need, offers } from './offers.ts';

type Role = Account['access']['role'];
const account = (id: string, role: Role) =>
  ({
    id,
    access: { role, whole: true, owner: role === 'owner' ? null : 'luis@example.org' },
  }) as Account;
const all = {
  rename: true,
  delete: true,
  addMessages: true,
  removeMessages: true,
  destroyMessages: true,
  setKeywords: true,
  createChild: true,
};
const none = Object.fromEntries(Object.keys(all).map((right) => [right, false])) as typeof all;
const box = (id: string, role: Mailbox['role'], rights: Partial<typeof all>, base = none) =>
  ({
    id,
    role,
    accountId: id.split('-')[0],
    selectable: true,
    rights: { ...base, ...rights },
  }) as unknown as Mailbox;

const filing = { addMessages: true, removeMessages: true, setKeywords: true };
const needs: Need[] = ['mark', 'move', 'delete', 'own', 'write', 'archive', 'junk', 'file'];

/** All that is offered in a mailbox, with these in the account. */
function offered(role: Role, mailboxes: Mailbox[], mailboxId = '2-1', inHand: string | null = '2') {
  const session = { accounts: [account('1', 'owner'), account('2', role)] } as Session;
  const of = (id: string) => mailboxes.filter((one) => one.accountId === id);
  return needs.filter((need) =>
    offers(need, mailboxId, { session, mailboxes: of, accountId: inHand ?? undefined }),
  );
}

describe('what is offered', () => {
  it('is everything in an account of one’s own, also before its mailboxes are known', () => {
    expect(offered('owner', [box('2-1', 'inbox', all)])).toEqual(needs);
    expect(offered('owner', [])).toEqual(needs);
  });

  it('is nothing to whoever may only read', () => {
    expect(offered('read', [box('2-1', 'inbox', {}), box('2-4', 'archive', {})])).toEqual([]);
  });

  it('is nothing of what is shared before it is known what may be done there', () => {
    expect(offered('triage', [])).toEqual([]);
    expect(offered('full', [])).toEqual(['write']);
  });

  it('is to mark and to file to whoever sorts, as far as there is a folder to file in', () => {
    const inbox = box('2-1', 'inbox', filing);
    expect(offered('triage', [inbox])).toEqual(['mark', 'move', 'delete']);
    expect(offered('triage', [inbox, box('2-4', 'archive', filing)])).toEqual([
      'mark',
      'move',
      'delete',
      'archive',
      'file',
    ]);
    expect(offered('triage', [inbox, box('2-4', 'archive', {})])).toEqual(['mark', 'move', 'delete']);
  });

  it('is to write in its name to those who may, and what is the owner’s alone never', () => {
    expect(offered('send', [box('2-1', 'inbox', filing)])).toContain('write');
    expect(offered('full', [box('2-1', 'inbox', all)])).not.toContain('own');
  });

  it('is to delete for ever only where that is a right', () => {
    expect(offered('triage', [box('2-6', 'trash', filing)], '2-6')).not.toContain('delete');
    expect(offered('full', [box('2-6', 'trash', all)], '2-6')).toContain('delete');
  });

  it('follows the server’s rights in one’s own account too', () => {
    const shut = box('2-1', 'inbox', { removeMessages: false, setKeywords: false }, all);
    expect(offered('owner', [shut])).toEqual(['own', 'write']);
  });

  it('is nothing for what a search found nobody knows where', () => {
    expect(offered('full', [], '3-1', null)).toEqual([]);
  });
});

it('whoever may send may write in its name, and nobody but the owner owns it', () => {
  const roles: Role[] = ['owner', 'full', 'send', 'triage', 'read'];
  expect(roles.map((role) => mayWrite(account('1', role)))).toEqual([true, true, true, false, false]);
  expect(roles.map((role) => isOwn(account('1', role)))).toEqual([true, false, false, false, false]);
});
