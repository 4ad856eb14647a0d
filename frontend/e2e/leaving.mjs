// What leaves its folder by itself: in the lists, in the message, in Trash, and how that is set.
import assert from 'node:assert/strict';

export async function screensOfLeaving({ page, shot, narrow, wide }) {
  const rows = page.getByRole('row');
  const folder = async (name) => {
    if (narrow) await page.getByRole('button', { name: 'Folders' }).click();
    await page.getByRole('link', { name }).click();
  };
  const back = () => (wide ? undefined : page.goBack());

  await folder(/Survey 2026/);
  await rows.filter({ hasText: 'leaves tomorrow' }).first().waitFor();
  await shot('9g-leaving');
  const row = rows.filter({ hasText: 'leaves in 5 days' }).first();
  const subject = await row.locator('.subject').textContent();
  await row.click();
  await page.getByText(/^Goes to Trash by itself in 5 days, on /).waitFor();
  await shot('9h-leaves');
  await page.getByRole('button', { name: 'Keep', exact: true }).click();
  await page.getByText('Kept: it does not leave').waitFor();
  await page.locator('button:focus', { hasText: 'Let go' }).waitFor();
  await page.getByText('It is kept').waitFor();
  await shot('9i-kept');
  await back();
  const kept = rows.filter({ hasText: subject }).filter({ has: page.getByLabel('Kept') });
  await kept.first().waitFor();
  assert.equal(await kept.first().getByText('leaves').count(), 0, 'what is kept does not leave');
  await page.getByRole('button', { name: 'Undo' }).click();
  await kept.first().waitFor({ state: 'detached' });
  await rows.filter({ hasText: 'leaves in 5 days' }).first().waitFor();

  await folder(/Trash/);
  await rows.filter({ hasText: 'left Inbox' }).nth(2).waitFor();
  await shot('9j-left');
  await rows.filter({ hasText: 'left Inbox' }).first().click();
  await page.getByText(/^Left Inbox by itself on /).waitFor();
  await page.getByText(/Will be deleted for ever in /).waitFor();
  await shot('9k-left');
  const before = Number(await page.getByRole('grid').getAttribute('aria-rowcount'));
  await page.getByRole('article').getByRole('button', { name: 'Put back', exact: true }).click();
  await page.getByText('Back in its folder').waitFor();
  await page.waitForFunction(
    (n) => document.querySelector('[role=grid]')?.ariaRowCount === String(n),
    before - 1,
  );
  if (!wide) await page.getByRole('article').waitFor({ state: 'detached' });

  await page.keyboard.press(',');
  const settings = page.getByRole('dialog', { name: 'Settings' });
  const kind = settings.getByRole('heading', { name: 'How long mail is kept' });
  await settings.getByText('set by the operator of this server').waitFor();
  await kind.evaluate((heading) => heading.scrollIntoView());
  await shot('9l-rules');
  await settings.getByRole('button', { name: 'Inbox: 90 days' }).click();
  const form = page.getByRole('dialog', { name: 'How long mail stays in Inbox' });
  await form.getByText('Then they go to Trash').waitFor();
  await form.getByLabel('Days', { exact: true }).fill('0');
  await page.keyboard.press('Enter');
  await form.getByText('One day is the least.').waitFor();
  await shot('9m-rule');
  await form.getByLabel('Days', { exact: true }).fill('90');
  await form.getByRole('button', { name: 'See what would leave' }).click();
  await form
    .getByText(/^[\d,]+ of 100,\d+ messages in Inbox are older than that, and go to Trash on /)
    .waitFor();
  assert.equal(await form.getByRole('listitem').count(), 50);
  await shot('9n-preview');
  await form.getByRole('button', { name: 'Back' }).click();
  await form.locator('input:focus').waitFor();
  await page.keyboard.press('Enter');
  await form.getByRole('button', { name: 'Let them leave' }).click();
  await page.getByText('Messages leave Inbox by themselves from').waitFor();
  await settings.getByText('To Trash after 90 days').waitFor();
  await shot('9o-rules');
  await settings.getByRole('button', { name: 'Keep everything in Inbox again' }).click();
  await page.getByRole('button', { name: 'Keep everything', exact: true }).click();
  await settings.getByText('To Trash after 90 days').waitFor({ state: 'detached' });

  // Against the operator's rule, and back to it, which is looked at first.
  await settings.getByRole('button', { name: 'Change how long mail stays in Trash' }).click();
  const trash = page.getByRole('dialog', { name: 'How long mail stays in Trash' });
  await trash.getByText('lets mail stay here for 30 days').waitFor();
  await trash.getByText('Then they are deleted for ever').waitFor();
  await trash.getByLabel('For ever', { exact: true }).check();
  await trash.getByRole('button', { name: 'Set this' }).click();
  await settings.getByText('instead of 30 days').waitFor();
  await settings.getByRole('button', { name: 'Go back to the operator’s rule for Trash' }).click();
  await trash.getByText('is that old. Nothing leaves before').waitFor();
  await shot('9p-operators');
  await trash.getByRole('button', { name: 'Set this' }).click();
  await settings.getByText('instead of 30 days').waitFor({ state: 'detached' });

  await settings.getByRole('button', { name: 'Another folder' }).click();
  const other = page.getByRole('dialog', { name: 'How long mail stays', exact: true });
  await other.getByRole('button', { name: 'See what would leave' }).click();
  await other.getByText('Choose a folder.').waitFor();
  await other.getByLabel('Folder').selectOption('Junk');
  assert.equal(await other.getByLabel('Days', { exact: true }).inputValue(), '30');
  await shot('9q-other');
  await other.getByRole('button', { name: 'Cancel' }).click();

  await settings.getByRole('button', { name: 'Put all back' }).click();
  await page
    .getByRole('dialog', { name: /^Put \d+ messages back/ })
    .getByRole('button', { name: 'Put all back' })
    .click();
  await page.getByText(/messages are back in their folders/).waitFor();
  await settings.getByRole('button', { name: 'Put all back' }).waitFor({ state: 'detached' });
  await settings.getByRole('button', { name: 'Close' }).click();
  await folder(/Inbox/);
}
