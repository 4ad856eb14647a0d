import { client, type Mailbox, must } from '../../api/client.ts';
import { queryClient } from '../../api/queries.ts';
import { sentence } from '../../api/sentences.ts';
import { router } from '../../lib/router.svelte.ts';
import { t } from '../../lib/words.ts';
import { ask } from '../../ui/ask.svelte.ts';
import { toasts } from '../../ui/toasts.svelte.ts';

export async function createFolder(accountId: string, parent: Mailbox | undefined): Promise<void> {
  const name = await ask({
    title: parent ? t('folder.newIn', { name: parent.name }) : t('folder.new'),
    text: '',
    field: { label: t('folder.name'), value: '' },
    yes: t('create'),
  });
  if (!name) return;
  await change(accountId, () =>
    must(
      client.POST('/accounts/{accountId}/mailboxes', {
        params: { path: { accountId } },
        body: { name, parentId: parent?.id ?? null },
      }),
    ),
  );
}

export async function renameFolder(mailbox: Mailbox): Promise<void> {
  const name = await ask({
    title: t('folder.rename'),
    text: '',
    field: { label: t('folder.name'), value: mailbox.name },
    yes: t('rename'),
  });
  if (!name || name === mailbox.name) return;
  await change(mailbox.accountId, () =>
    must(
      client.PATCH('/mailboxes/{mailboxId}', { params: { path: { mailboxId: mailbox.id } }, body: { name } }),
    ),
  );
}

export async function deleteFolder(mailbox: Mailbox, open: boolean): Promise<void> {
  const sure = await ask({
    title: t('folder.deleteAsk', { name: mailbox.name }),
    text: mailbox.total > 0 ? t('folder.deleteText', { n: mailbox.total }) : t('folder.deleteEmpty'),
    yes: t('folder.deleteDo'),
    danger: true,
  });
  if (sure === undefined) return;
  if (open) router.replace({ name: 'home' });
  await change(mailbox.accountId, () =>
    must(client.DELETE('/mailboxes/{mailboxId}', { params: { path: { mailboxId: mailbox.id } } })),
  );
}

async function change(accountId: string, call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    toasts.problem(t('failed.folder', { why: sentence(error) }));
  }
  await queryClient.invalidateQueries({ queryKey: ['mailboxes', accountId] });
}
