// What a mail can ask for when it goes, and what can be done with one that has come: receipt, reminder, redirecting.
import assert from 'node:assert/strict';

export async function whatFollowsSending({ step, writer, reader, address, stamp, rows, folder }) {
  const subject = `Asking ${stamp}`;
  const sought = (page) => rows(page).filter({ hasText: subject });
  const more = async (page, entry) => {
    const message = page.getByRole('article', { name: subject });
    await message.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: entry }).click();
  };

  await step('a receipt and a reminder are asked for while writing', async () => {
    await writer.getByRole('button', { name: 'New message' }).click();
    await writer.getByRole('combobox', { name: 'To' }).fill(`${address},`);
    await writer.getByPlaceholder('Subject').fill(subject);
    await writer.getByRole('button', { name: 'More options' }).click();
    await writer.getByText('Ask for a read receipt').click();
    await writer.getByRole('button', { name: 'Remind me if nobody answers' }).click();
    await writer.getByText('In 2 days').click();
    await writer.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
    await writer.getByText('Sending in a few seconds').waitFor();
    await sought(reader).first().waitFor({ timeout: 60_000 });
  });

  await step('the mail has the wish, of which oneself is not asked', async () => {
    await sought(reader).first().click();
    await reader.getByRole('article', { name: subject }).waitFor();
    await more(reader, 'View source');
    await reader.getByRole('dialog').getByText('Disposition-Notification-To').first().waitFor();
    await reader.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    assert.equal(await reader.getByText('asks to be told').count(), 0);
  });

  await step('the reminder is known at the mail in Sent, and taken off', async () => {
    await folder(writer, 'Sent').click();
    await sought(writer).first().click();
    await more(writer, 'Remind me if nobody answers');
    const reminder = writer.getByRole('dialog', { name: 'Remind me if nobody answers' });
    await reminder.getByText('No reminder').click();
    await writer.getByText('No reminder any more').waitFor();
    await folder(writer, 'Inbox').click();
  });

  await step('redirected it comes once more', async () => {
    await sought(writer).first().click();
    await more(writer, 'Redirect');
    const question = writer.getByRole('dialog', { name: 'Redirect' });
    await question.getByRole('combobox', { name: 'To' }).fill(`${address},`);
    await question.getByRole('button', { name: 'Redirect' }).click();
    await writer.getByText('Sending in a few seconds').waitFor();
    await question.waitFor({ state: 'hidden' });
    await sought(reader).nth(1).waitFor({ timeout: 60_000 });
  });
}

export async function whatOneSignsWith({ step, writer, stamp }) {
  await step('a signature is written, and is in what is written next', async () => {
    await writer.getByRole('button', { name: 'Settings' }).click();
    await writer.getByRole('button', { name: 'Name and signature of' }).first().click();
    const identity = writer.getByRole('dialog', { name: 'Name and signature of' });
    const signature = identity.getByRole('textbox', { name: 'Signature' });
    await signature.fill(`Signed ${stamp}`);
    await identity.getByRole('button', { name: 'Save' }).click();
    await identity.waitFor({ state: 'hidden' });
    await writer.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await writer.getByRole('button', { name: 'New message' }).click();
    await writer.getByRole('textbox', { name: 'Message body' }).getByText(`Signed ${stamp}`).waitFor();
    await writer.getByRole('button', { name: 'Discard' }).click();
  });
  await step('an empty one is none', async () => {
    await writer.getByRole('button', { name: 'Settings' }).click();
    await writer.getByRole('button', { name: 'Name and signature of' }).first().click();
    const identity = writer.getByRole('dialog', { name: 'Name and signature of' });
    await identity.getByRole('textbox', { name: 'Signature' }).fill('');
    await identity.getByRole('button', { name: 'Save' }).click();
    await identity.waitFor({ state: 'hidden' });
    await writer.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  });
}
