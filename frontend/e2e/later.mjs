// What is sent later: with the made-up server its screens, and with a real one its way from one window to another.
import assert from 'node:assert/strict';

export async function screensOfLater({ page, shot, narrow }) {
  const folders = async () => {
    if (narrow) await page.getByRole('button', { name: 'Folders' }).click();
  };
  const outbox = page.getByRole('dialog', { name: 'Outbox' });
  const open = async () => {
    await folders();
    await page.getByRole('button', { name: /^Outbox/ }).click();
    await outbox.waitFor();
  };
  const discard = () => page.getByRole('button', { name: 'Discard' }).click();

  await page.keyboard.press('c');
  await page.getByRole('button', { name: 'Send later' }).click();
  await page.getByText('Say who should get this message.').waitFor();
  await page.getByRole('combobox', { name: 'To' }).fill('luis@example.org,');
  await page.getByPlaceholder('Subject').fill('Kitchen plans, for good');
  await page.getByRole('button', { name: 'Send later' }).click();
  const picker = page.getByRole('dialog', { name: 'Send later' });
  await picker.locator('li:first-child button:focus', { hasText: 'Tomorrow morning' }).waitFor();
  await picker.getByLabel('Choose a time').fill('2020-01-01T08:00');
  await picker.getByRole('button', { name: 'Schedule', exact: true }).click();
  await picker.getByText('This time is over.').waitFor();
  await shot('9d-send-later');
  await picker.getByText('Tomorrow morning').click();
  await page.getByText('Will be sent').waitFor();
  await page.evaluate(() => fetch('/api/v1/mock/outbox'));
  await folders();
  await page.getByRole('button', { name: /^Outbox.*4 messages/ }).waitFor();
  await shot('9e-scheduled');
  if (narrow) await page.goBack();
  await open();
  await shot('9f-outbox');
  await outbox.getByRole('listitem', { name: 'Keys to the boat house' }).getByText('Hide').click();
  await outbox.getByText('Keys to the boat house').waitFor({ state: 'detached' });
  await outbox.getByRole('listitem', { name: 'Welcome to the crew' }).getByText('Open again').click();
  await outbox.waitFor({ state: 'hidden' });
  await page.getByRole('textbox', { name: 'Message body' }).getByText('Good to have you').waitFor();
  await discard();
  await open();
  await outbox.getByRole('listitem', { name: 'Kitchen plans' }).getByText('Do not send').click();
  await outbox.waitFor({ state: 'hidden' });
  assert.equal(await page.getByPlaceholder('Subject').inputValue(), 'Kitchen plans, for good');
  await discard();
}

/** @returns what waits until the last of it has come */
export async function whatGoesLater({ step, writer, reader, address, stamp, rows, folder }) {
  const subject = `Later ${stamp}`;
  const outbox = (page) => page.getByRole('dialog', { name: 'Outbox' });
  const entry = (page) => page.getByRole('button', { name: /^Outbox/ });
  const picker = writer.getByRole('dialog', { name: 'Send later' });
  const write = async (text) => {
    await writer.getByRole('button', { name: 'New message' }).click();
    await writer.getByRole('combobox', { name: 'To' }).fill(`${address},`);
    await writer.getByPlaceholder('Subject').fill(text);
    await writer.getByRole('textbox', { name: 'Message body' }).pressSequentially(`Written for ${text}`);
    await writer.getByRole('button', { name: 'Send later' }).click();
  };

  await step('a message is written for tomorrow, and waits in the outbox of the other window', async () => {
    await write(subject);
    await picker.getByText('Tomorrow morning').click();
    await writer.getByText('Will be sent').waitFor();
    await entry(writer).waitFor();
    await entry(reader).click();
    await outbox(reader).getByRole('listitem', { name: subject }).getByText('Will be sent').waitFor();
  });

  await step('not sent after all it is a draft again, there and with its text', async () => {
    await outbox(reader)
      .getByRole('listitem', { name: subject })
      .getByRole('button', { name: 'Do not send' })
      .click();
    await outbox(reader).waitFor({ state: 'hidden' });
    await reader.getByRole('textbox', { name: 'Message body' }).getByText(`Written for ${subject}`).waitFor();
    assert.equal(await reader.getByPlaceholder('Subject').inputValue(), subject);
    const gone = reader.waitForResponse(
      (answer) => answer.request().method() === 'DELETE' && /drafts/.test(answer.url()),
    );
    await reader.getByRole('button', { name: 'Discard' }).click();
    assert.equal((await gone).status(), 204);
    await entry(writer).waitFor({ state: 'hidden' });
    // Nor is its copy left, which other programs see.
    await folder(reader, 'Drafts').click();
    await reader.getByRole('heading', { name: 'Drafts' }).waitFor();
    await rows(reader).filter({ hasText: subject }).waitFor({ state: 'detached', timeout: 60_000 });
    await folder(reader, 'Inbox').click();
    await reader.getByRole('heading', { name: 'Inbox' }).waitFor();
  });

  const soon = `Soon ${stamp}`;
  await step('a time of one’s own is chosen', async () => {
    await write(soon);
    await picker.getByLabel('Choose a time').fill(await writer.evaluate(nextMinute));
    await picker.getByRole('button', { name: 'Schedule', exact: true }).click();
    await writer.getByText('Will be sent').waitFor();
    await entry(reader).waitFor();
  });

  return () =>
    step('at that time it has gone by itself', async () => {
      await folder(reader, 'Inbox').click();
      await reader.getByRole('heading', { name: 'Inbox' }).waitFor();
      await rows(reader).filter({ hasText: soon }).first().waitFor({ timeout: 100_000 });
      await entry(reader).waitFor({ state: 'hidden', timeout: 60_000 });
    });
}

/** The next full minute that is not here before it can be chosen, as the field takes it; runs in the page. */
function nextMinute() {
  const at = new Date(Date.now() + 72_000);
  const two = (n) => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
