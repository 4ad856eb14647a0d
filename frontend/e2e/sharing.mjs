// Mail that several people see: with the made-up server its screens, and with a real one the way of two people through it.
import assert from 'node:assert/strict';

/** Over whatever is open; it ends in the inbox. */
export async function screensOfSharing({ page, shot, narrow, wide }) {
  const folders = async () => {
    if (narrow) await page.getByRole('button', { name: 'Folders' }).click();
  };
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await page.evaluate(() => fetch('/api/v1/mock/sharing'));
  if (narrow) await page.getByText('You are invited to shared mail').waitFor();
  await folders();
  await page.getByText('invites you to “Members, fees and reminders”').waitFor();
  await shot('12-invited');
  const shared = page.getByRole('region', { name: 'support@demo.valija.test' });
  await shared.getByText('shared by luis@demo.valija.test').waitFor();
  await shared.getByRole('link', { name: 'Complaints' }).scrollIntoViewIfNeeded();
  await shot('12a-shared-tree');
  await page.getByRole('button', { name: 'Decline' }).click();
  await page.getByText('invites you to').waitFor({ state: 'detached' });
  await shared.getByRole('link', { name: /Inbox/ }).click();
  const rows = page.getByRole('grid').getByRole('row');
  await rows.nth(2).waitFor();
  await rows.nth(0).click();
  await page.getByRole('button', { name: '2 comments' }).click();
  await page.getByText('second shelf').waitFor();
  // Its account is not the reader's: what is the owner's alone is not offered.
  assert.equal(await page.getByRole('button', { name: 'Snooze', exact: true }).count(), 0);
  const { id } = await page.evaluate(async () => {
    const id = decodeURIComponent(location.pathname.split('/').pop());
    await fetch(`/api/v1/mock/joined?id=${encodeURIComponent(id)}`);
    return { id };
  });
  assert.ok(id);
  await page.getByText('luis@demo.valija.test is replying to this message').waitFor();
  await page.getByRole('textbox', { name: 'Say something to the others' }).fill('Thank you!');
  await shot('12b-shared-message');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: '3 comments' }).waitFor();
  await page.getByRole('button', { name: 'Remove the comment of anna@demo.valija.test' }).last().click();
  await page.getByRole('button', { name: '2 comments' }).waitFor();

  // Now allowed to write on behalf.
  const told = page.waitForResponse((answer) => answer.url().endsWith('/session'));
  await page.evaluate(() => fetch('/api/v1/mock/role'));
  await (await told).finished();
  await page.keyboard.press('r');
  const answer = page.getByRole('dialog');
  await answer.getByText('On behalf of support@demo.valija.test').waitFor();
  await answer.getByText('is replying to this message').waitFor();
  await shot('12c-on-behalf');
  await answer.getByRole('button', { name: 'Discard' }).click();

  if (!wide) await page.goBack();
  await folders();
  const survey = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: /Survey 2026/ }) });
  await survey.hover();
  await survey.getByRole('button', { name: /^Actions for/ }).click();
  await page.getByRole('menuitem', { name: 'Share…' }).click();
  const form = page.getByRole('dialog', { name: 'Invite somebody' });
  await form.getByLabel('Mail address').fill('ben@demo.valija.test');
  await form.getByLabel('Write on behalf').check();
  await form.getByRole('button', { name: 'Invite', exact: true }).click();
  await form.getByText('invited to the same already').waitFor();
  await shot('12d-invite');
  await form.getByLabel('Mail address').fill('priya@example.net');
  await form.getByRole('button', { name: 'Invite', exact: true }).click();
  await form.waitFor({ state: 'hidden' });
  await settings.getByText('priya@example.net').waitFor();
  await settings.getByRole('heading', { name: 'Sharing' }).scrollIntoViewIfNeeded();
  await shot('12e-sharing');
  await settings.getByRole('button', { name: 'Change what zoe@demo.valija.test may do' }).click();
  const change = page.getByRole('dialog', { name: 'Change what zoe@demo.valija.test may do' });
  await change.getByLabel('Read', { exact: false }).first().check();
  await change.getByRole('button', { name: 'Save' }).click();
  await change.waitFor({ state: 'hidden' });
  await settings.getByRole('button', { name: 'Share with jonas@weber.example no longer' }).click();
  await page.getByText('It holds at once').waitFor();
  await page.getByRole('button', { name: 'Share no longer' }).click();
  await settings.getByText('jonas@weber.example').waitFor({ state: 'detached' });
  await settings.getByRole('button', { name: 'What others did' }).click();
  const log = page.getByRole('dialog', { name: 'What others did' });
  await log.getByText('ben@demo.valija.test moved 3 messages from Survey 2026').waitFor();
  await shot('12f-log');
  await log.getByRole('button', { name: 'Show more' }).click();
  await log.getByText('accepted the invitation').waitFor();
  await log.getByRole('button', { name: 'Close' }).click();
  await settings.getByRole('button', { name: 'Close' }).click();

  // Only to be read: what is opened stays unread, and nothing can be done to it. The server would refuse it.
  const rights = page.waitForResponse((answer) => answer.url().endsWith('/accounts/2/mailboxes'));
  await page.evaluate(() => fetch('/api/v1/mock/role?role=read'));
  await (await rights).finished();
  await folders();
  await shared.getByRole('link', { name: /Inbox/ }).click();
  const unread = rows.filter({ hasText: 'Marta Oliveira' }).first();
  await unread.click();
  const message = page.getByRole('article');
  await message.getByText('See you then').waitFor();
  await page.keyboard.press('s');
  await page.getByText('This is not yours to do').waitFor();
  await shot('12g-only-read');
  const bar = message.getByRole('toolbar');
  for (const name of ['Archive', 'Delete', 'Move', 'Star', 'Unread', 'Junk'])
    assert.equal(await bar.getByRole('button', { name, exact: true }).count(), 0, name);
  if (!wide) await page.goBack();
  assert.equal(await unread.getByText('Unread').count(), 1);
  assert.equal(await unread.getAttribute('draggable'), 'false');

  // It ends while it is open.
  await rows.nth(0).click();
  await page.getByRole('button', { name: '2 comments' }).waitFor();
  await page.evaluate(() => fetch('/api/v1/mock/revoked'));
  await page.getByText('Support is no longer shared with you.').waitFor();
  await page.getByRole('heading', { name: 'Inbox' }).waitFor();
  await page.getByRole('article').waitFor({ state: 'detached' });
  await shared.waitFor({ state: 'detached' });
}

/**
 * `owner` is signed in and looks at the inbox. `enter` signs a page in as somebody else of the same mail server: `member`,
 * and `writer`, who writes to the owner.
 */
export async function whatIsShared({ step, open, enter, owner, people, stamp, rows, folder, accessible }) {
  const { address, member, writer } = people;
  const subject = `Shared ${stamp}`;
  const away = `Away ${stamp}`;
  const ofOwner = (page) => rows(page).filter({ hasText: subject }).first();
  const settings = owner.getByRole('dialog', { name: 'Settings' });
  const ben = await open({ colorScheme: 'light' });
  const carl = await open({ colorScheme: 'light' });
  const shared = ben.getByRole('region', { name: address, exact: true });

  await step('an inbox is shared from its menu', async () => {
    await folder(owner, 'Inbox').click();
    const inbox = owner.getByRole('listitem').filter({ has: owner.getByRole('link', { name: /^Inbox/ }) });
    await inbox.hover();
    await inbox.getByRole('button', { name: /^Actions for/ }).click();
    await owner.getByRole('menuitem', { name: 'Share…' }).click();
    const form = owner.getByRole('dialog', { name: 'Invite somebody' });
    await form.getByLabel('Mail address').fill(member);
    await form.getByLabel('Sort and file').check();
    await accessible(owner, 'share-light');
    await form.getByRole('button', { name: 'Invite', exact: true }).click();
    await form.waitFor({ state: 'hidden' });
    await settings.getByText('has not answered yet').waitFor();
    await settings.getByRole('button', { name: 'Close' }).click();
  });

  await step('who is invited sees it on signing in, and accepts', async () => {
    await enter(ben, member);
    await ben.getByText(`${address} invites you to “Inbox”`).waitFor();
    await accessible(ben, 'invited-light');
    await ben.getByRole('button', { name: 'Accept' }).click();
    await shared.getByRole('link', { name: /^Inbox/ }).click();
    await rows(ben).first().waitFor();
    assert.equal(await shared.getByRole('link').count(), 1);
  });

  await step('what arrives there is seen by both at once', async () => {
    await enter(carl, writer);
    for (const about of [away, subject]) {
      await carl.getByRole('button', { name: 'New message' }).click();
      await carl.getByRole('combobox', { name: 'To' }).fill(`${address},`);
      await carl.getByPlaceholder('Subject').fill(about);
      await carl.getByRole('textbox', { name: 'Message body' }).pressSequentially('Who can help?');
      await carl.keyboard.press('Control+Enter');
      await rows(owner).filter({ hasText: about }).first().waitFor({ timeout: 60_000 });
    }
    await ofOwner(ben).waitFor({ timeout: 60_000 });
    await ofOwner(owner).waitFor();
  });

  await step('each knows of the other, and both of what is said beside it', async () => {
    await ofOwner(ben).click();
    await ben.getByRole('article', { name: subject }).waitFor();
    await ofOwner(owner).click();
    await owner.getByText(`${member} reads this too`).waitFor();
    await ben.getByText(`${address} reads this too`).waitFor();
    await ben.getByRole('button', { name: 'Comment', exact: true }).click();
    await ben.getByRole('textbox', { name: 'Say something to the others' }).fill('I can.');
    await ben.getByRole('button', { name: 'Add', exact: true }).click();
    await owner.getByRole('button', { name: '1 comment' }).click();
    await owner.getByText('I can.').waitFor();
    await accessible(owner, 'comments-light');
    await accessible(ben, 'shared-light');
  });

  await step('what one marks or takes away the other sees', async () => {
    const star = (page) => ofOwner(page).getByRole('button', { name: 'Remove the star' });
    await ben.keyboard.press('s');
    await star(ben).first().waitFor();
    await star(owner).first().waitFor();
    const note = (page) => rows(page).filter({ hasText: away });
    await note(owner).waitFor();
    await note(ben).getByRole('checkbox').click();
    await ben.keyboard.press('#');
    await note(ben).waitFor({ state: 'detached' });
    await note(owner).waitFor({ state: 'detached' });
  });

  await step('who may sends on behalf, and nobody is deceived about it', async () => {
    await owner.getByRole('button', { name: 'Settings' }).click();
    await settings.getByRole('button', { name: `Change what ${member} may do` }).click();
    const form = owner.getByRole('dialog', { name: `Change what ${member} may do` });
    await form.getByLabel('Write on behalf').check();
    const heard = ben.waitForResponse((answer) => answer.url().endsWith('/api/v1/session'));
    await form.getByRole('button', { name: 'Save' }).click();
    await form.waitFor({ state: 'hidden' });
    await settings.getByRole('button', { name: 'Close' }).click();
    await (await heard).finished();
    await ofOwner(ben).click();
    await ben.keyboard.press('r');
    await ben.getByText(`On behalf of ${address}`).waitFor();
    await owner.getByText(`${member} is replying to this message`).waitFor();
    await accessible(ben, 'on-behalf-light');
    await ben.getByRole('textbox', { name: 'Message body' }).pressSequentially('We can, tomorrow.');
    await ben.keyboard.press('Control+Enter');
    await ben.getByText('Sending in a few seconds').waitFor();
    await owner.getByText(`${member} is replying to this message`).waitFor({ state: 'detached' });
    const answer = rows(carl).filter({ hasText: `Re: ${subject}` });
    await answer.waitFor({ timeout: 60_000 });
    await answer.click();
    await carl.getByRole('article').getByRole('button', { name: /^to / }).click();
    const head = carl.getByRole('article').locator('dl');
    await head.getByText(address).first().waitFor();
    assert.match(await head.textContent(), new RegExp(`Sent by\\s*<?${member}`));
  });

  await step('the owner reads who did what', async () => {
    await owner.getByRole('button', { name: 'Settings' }).click();
    await settings.getByRole('button', { name: 'What others did' }).click();
    const log = owner.getByRole('dialog', { name: 'What others did' });
    for (const what of [
      'opened a message',
      'moved a message to Trash',
      'marked a message',
      'wrote on your behalf',
    ])
      await log.getByText(`${member} ${what}`).first().waitFor();
    await accessible(owner, 'log-light');
    await log.getByRole('button', { name: 'Close' }).click();
  });

  await step('shared no longer, it closes before the eyes of who reads it', async () => {
    await ben.getByRole('article', { name: subject }).waitFor();
    await settings.getByRole('button', { name: `Share with ${member} no longer` }).click();
    await owner.getByRole('button', { name: 'Share no longer', exact: true }).click();
    await ben.getByText('is no longer shared with you').waitFor();
    await shared.waitFor({ state: 'detached' });
    await ben.getByRole('article').waitFor({ state: 'detached' });
    await ben.getByRole('heading', { name: 'Inbox' }).waitFor();
    await ben.goBack();
    await ben.getByRole('heading', { name: 'Inbox' }).waitFor();
    await shared.waitFor({ state: 'detached' });
    await settings.getByRole('button', { name: 'Close' }).click();
    for (const page of [ben, carl]) await page.context().close();
  });
}
