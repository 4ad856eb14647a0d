// Mail fetched from other servers, in the settings: with the made-up server its screens, and with a real one its way.
export async function screensOfCollections({ page, shot }) {
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await page.evaluate(() => fetch('/api/v1/mock/collections'));
  await settings.getByRole('button', { name: 'Fetch mail from a POP3 server' }).click();
  const form = page.getByRole('dialog', { name: 'Fetch mail from a POP3 server' });
  await form.getByLabel('POP3 server').fill('pop.example.com');
  await form.getByLabel('User name').fill('anna@example.com');
  await form.getByLabel('Password').fill('wrong');
  await form.getByLabel('Put the mail into').selectOption({ label: 'Archive' });
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText('does not accept this user name and password').waitFor();
  await shot('10f-collection');
  await form.getByLabel('Password').fill('right');
  await form.getByLabel('On the server').selectOption('delete');
  await form.getByLabel('Days', { exact: true }).waitFor({ state: 'detached' });
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'hidden' });
  await settings.getByText(/Fetched [1-9][0-9,.]* of 10,000/).waitFor();
  await settings.getByText('The folder: Your mailbox is full').waitFor();
  await settings
    .getByRole('button', { name: 'Pause fetching mail of anna@example.com' })
    .scrollIntoViewIfNeeded();
  await shot('10g-collections');
  await settings.getByRole('button', { name: 'Pause fetching mail of anna@example.com' }).click();
  await settings.getByText('Paused.').waitFor();
  await settings.getByRole('button', { name: 'Fetch mail of anna.old' }).click();
  await settings.getByText('Fetching begins in a moment.').waitFor();
  await settings.getByRole('button', { name: 'Change how mail of club' }).click();
  const change = page.getByRole('dialog', { name: 'Change how mail of club is fetched' });
  await change.getByLabel('Password').fill('new');
  await change.getByRole('button', { name: 'Save' }).click();
  await change.waitFor({ state: 'hidden' });
  await settings.getByRole('button', { name: 'Fetch no more mail of anna@example.com' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await settings.getByText('anna@example.com').waitFor({ state: 'detached' });
}

/** With the inbox open. */
export async function whatIsFetched({ page, server, password, subject, accessible }) {
  await page.getByRole('button', { name: 'Settings' }).click();
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings.getByRole('button', { name: 'Fetch mail from a POP3 server' }).click();
  const form = page.getByRole('dialog', { name: 'Fetch mail from a POP3 server' });
  await form.getByLabel('POP3 server').fill(server.host ?? 'localhost');
  await form.getByLabel('Port').fill(server.pop3);
  await form.getByLabel('User name').fill(server.pop3User);
  await form.getByLabel('Password').fill(password);
  await form.getByLabel('On the server').selectOption('delete');
  await accessible(page, 'collection-light');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.waitFor({ state: 'hidden' });
  await settings.getByText(/^1 message fetched/).waitFor({ timeout: 60_000 });
  await settings.getByRole('button', { name: `Fetch no more mail of ${server.pop3User}` }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await settings.getByText(server.pop3User).waitFor({ state: 'detached' });
  await settings.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('row').filter({ hasText: subject }).first().waitFor();
}
