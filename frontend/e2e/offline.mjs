// Without a network, with a real server: what was read is read again, and what happened meanwhile shows afterwards.
import assert from 'node:assert/strict';

export async function whatIsReadOffline({ step, page, elsewhere, subject, rows, folder, accessible }) {
  const bar = page.getByText('Offline: ');
  const arrived = (where) => rows(where).filter({ hasText: subject }).first();

  await step('without a network what was read is read again', async () => {
    // The worker has the webmail's files, and the page is its own from now on.
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await folder(page, 'Inbox').click();
    await arrived(page).click();
    await page.getByRole('article', { name: subject }).waitFor();
    await page.context().setOffline(true);
    await page.reload();
    await bar.waitFor();
    await page.frameLocator('article iframe').getByText('Hello from').waitFor();
    await accessible(page, 'offline-light');
    await folder(page, 'Inbox').click();
    await arrived(page).waitFor();
    assert.ok((await rows(page).count()) > 1, 'the list is there');
  });

  await step('on the network again it shows what happened meanwhile', async () => {
    await elsewhere.evaluate(async (wanted) => {
      const get = async (path) => (await (await fetch(`/api/v1${path}`)).json()).items;
      const account = (await get('/accounts'))[0].id;
      const inbox = (await get(`/accounts/${account}/mailboxes`)).find((one) => one.role === 'inbox').id;
      const { id } = (await get(`/mailboxes/${inbox}/messages`)).find((one) => one.subject === wanted);
      const token = document.cookie.match(/XSRF-TOKEN=([^;]*)/)?.[1] ?? '';
      await fetch('/api/v1/messages', {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/json', 'X-XSRF-TOKEN': decodeURIComponent(token) },
        body: JSON.stringify({ ids: [id], keywords: { $flagged: true } }),
      });
    }, subject);
    await page.context().setOffline(false);
    const starred = arrived(page).getByRole('button', { name: 'Remove the star' });
    await starred.first().waitFor({ timeout: 60_000 });
    await bar.waitFor({ state: 'detached' });
  });
}

/** How many answers of the server are kept on this device. */
export function kept(page) {
  return page.evaluate(
    () =>
      new Promise((done, failed) => {
        const opening = indexedDB.open('valija-kept', 1);
        opening.onerror = () => failed(opening.error);
        opening.onsuccess = () => {
          const counting = opening.result.transaction('answers').objectStore('answers').count();
          counting.onsuccess = () => done(counting.result);
        };
      }),
  );
}
