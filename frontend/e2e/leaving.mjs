// What leaves its folder by itself: in the lists, in the message, in Trash.
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

  await folder(/Inbox/);
}
