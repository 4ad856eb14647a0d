// What is hard to see on a picture: a hundred thousand rows, news while reading further down, undo, a lost stream.
import assert from 'node:assert/strict';

export async function behave(page, base) {
  const grid = page.getByRole('grid');
  const rows = grid.getByRole('row');
  const arrive = () => page.evaluate(() => fetch('/api/v1/mock/arrive').then((answer) => answer.json()));
  const total = () => grid.getAttribute('aria-rowcount').then(Number);

  await page.goto(base);
  await page.getByRole('button', { name: 'Continue as anna' }).click();
  await rows.nth(5).waitFor();
  const before = await total();
  assert.ok(before >= 100_000, `the grid counts ${before} rows`);

  // Anywhere at once, and only what is in sight is drawn.
  await grid.evaluate((element) => {
    element.scrollTop = 50_000 * 48;
  });
  await page.locator('#row-50005').getByRole('checkbox').waitFor();
  assert.equal(await page.locator('#row-50005').getAttribute('aria-rowindex'), '50006');
  assert.ok((await rows.count()) < 60, 'far fewer rows are drawn than there are');
  const seen = await page.locator('#row-50005').textContent();

  // News further up neither jump nor go unsaid.
  await arrive();
  await page.getByRole('button', { name: '1 new' }).waitFor();
  assert.equal(
    await page.locator('#row-50006').textContent(),
    seen,
    'the row in sight stayed, one further down',
  );
  const top = await grid.evaluate((element) => element.scrollTop);
  assert.equal(top % 48, 0, 'the place in the list was kept to the pixel');
  await page.getByRole('button', { name: '1 new' }).click();
  await page.locator('#row-0').getByRole('checkbox').waitFor();
  assert.equal(await total(), before + 1);

  // At the top they simply show.
  await arrive();
  await page.waitForFunction(
    (n) => document.querySelector('[role=grid]')?.ariaRowCount === String(n),
    before + 2,
  );

  // Keys: down, select a range, star, and the selection's bar.
  await grid.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.getByRole('heading', { name: '3 selected' }).waitFor();
  await page.keyboard.press('#');
  await page.getByText('3 messages moved to Trash').waitFor();
  assert.equal(await total(), before - 1);
  await page.keyboard.press('z');
  await page.waitForFunction(
    (n) => document.querySelector('[role=grid]')?.ariaRowCount === String(n),
    before + 2,
  );

  // The title tells what is unread; the folder's count follows at once.
  const had = await page.evaluate(async () => {
    const { items } = await (await fetch('/api/v1/accounts/1/mailboxes')).json();
    return items.find((one) => one.role === 'inbox').unread;
  });
  const titled = (n) =>
    page.waitForFunction((text) => document.title.startsWith(text), `(${n.toLocaleString('en-US')})`);
  await titled(had);
  await page.locator('#row-0').click();
  await page.getByRole('article').getByText('See you then').or(page.locator('iframe')).first().waitFor();
  await titled(had - 1);

  // All of it, also what was never loaded, after a question.
  await page.getByRole('checkbox', { name: 'Select all' }).check();
  await page.getByRole('button', { name: /^Select all 100/ }).click();
  await page.getByRole('heading', { name: '100,002 selected' }).waitFor();
  await page.getByRole('button', { name: 'Mark as read', exact: true }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'OK' }).click();
  await page.getByText('100,002 messages changed').waitFor();
  await page.waitForFunction(() => !document.title.startsWith('('));

  // What is typed survives a reload.
  await page.keyboard.press('c');
  await page.getByPlaceholder('Subject').fill('Half a thought');
  await page.getByText(/^Saved, /).waitFor();
  const film = { name: 'film-slow.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(3_000_000) };
  await page.locator('input[type=file]').setInputFiles(film);
  await page.getByText('262 kB of 3 MB').waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Half a thought' }).click();
  assert.equal(await page.getByPlaceholder('Subject').inputValue(), 'Half a thought');
  // So does a file on its way: it goes on where the server is.
  await page.getByText('262 kB of 3 MB').waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();

  // Pictures come when they are asked for and not before; asking again for a sender takes them away.
  const pictures = [];
  page.on('request', (request) => {
    if (request.url().includes('/api/v1/images/')) pictures.push(request.url());
  });
  const mail = page.frameLocator('iframe');
  await rows.filter({ hasText: 'Harbour' }).first().click();
  await mail.getByText('Twelve books').waitFor();
  assert.equal(pictures.length, 0, 'no picture before consent');
  await page.getByRole('button', { name: 'Show once' }).click();
  await mail.locator('img[src]').waitFor();
  await page.waitForFunction(
    () => getComputedStyle(document.querySelector('iframe') ?? document.body).opacity === '1',
  );
  assert.equal(pictures.length, 1);
  await page.getByRole('button', { name: 'Unsubscribe', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Unsubscribe' }).click();
  await page.getByText('Unsubscribed').waitFor();
  await rows.filter({ hasText: 'Luis' }).first().click();
  await page.getByText('See you then').waitFor();
  await rows.filter({ hasText: 'Harbour' }).first().click();
  await page.getByRole('button', { name: 'Always from this sender' }).click();
  await page.getByText('will be shown').waitFor();
  // The message is looked at again, which tells of the sender; the mail stays in sight meanwhile.
  await mail.locator('img[src]').waitFor();
  await page.waitForFunction(
    () => getComputedStyle(document.querySelector('iframe') ?? document.body).opacity === '1',
  );
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: /Ask again for/ }).click();
  await page.getByText('Nobody yet').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();

  // A key pressed in the very frame in which a dialog closes opens the next one, for good.
  await page.keyboard.press(',');
  await page.getByRole('heading', { name: 'Settings' }).waitFor();
  await page.evaluate(async () => {
    const dialog = document.querySelector('dialog');
    const told = new Promise((resolve) => dialog.addEventListener('close', resolve));
    dialog.querySelector('[aria-label=Close]').click();
    await null;
    document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true }));
    await told;
  });
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await help.waitFor();
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'hidden' });

  // Whoever picks no file after all is still in the dialog from which they would have.
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  const book = page.getByRole('dialog', { name: 'Address book' });
  await book.waitFor();
  await book.locator('input[type=file]').dispatchEvent('cancel', { bubbles: true });
  await book.getByRole('button', { name: 'Import' }).hover();
  await book.getByRole('button', { name: 'Close' }).click();
  await book.waitFor({ state: 'hidden' });

  // A stream that was cut comes back by itself, and nothing is missed.
  const reopened = page.waitForRequest((request) => request.url().includes('/api/v1/events'));
  await page.evaluate(() => fetch('/api/v1/mock/drop'));
  await reopened;
  const count = await total();
  await arrive();
  await page.waitForFunction(
    (n) => document.querySelector('[role=grid]')?.ariaRowCount === String(n),
    count + 1,
  );

  // Without a network the page starts all the same. No cache of the browser's own helps it: this server allows none.
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.reload();
  await rows.nth(5).waitFor();
  await page.context().setOffline(true);
  await page.reload();
  await page.getByText('Offline: ').waitFor();
  await rows.nth(5).waitFor();
  await page.context().setOffline(false);
  await page.getByText('Offline: ').waitFor({ state: 'detached' });
}
