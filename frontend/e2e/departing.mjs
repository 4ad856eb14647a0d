// What leaves a folder by its rule, with a real server: set in the settings, seen in the list, kept by the reader.

export async function whatLeavesByItself({ step, writer, rows, folder }) {
  const settings = writer.getByRole('dialog', { name: 'Settings' });
  const leaving = rows(writer).filter({ hasText: /leaves in [67] days/ });

  await step('a rule for the inbox is looked at and set', async () => {
    await writer.getByRole('button', { name: 'Settings' }).click();
    await settings.getByRole('button', { name: /^Inbox: \d+ days/ }).click();
    const form = writer.getByRole('dialog', { name: 'How long mail stays in Inbox' });
    await form.getByLabel('Days', { exact: true }).fill('1');
    await form.getByRole('button', { name: 'See what would leave' }).click();
    await form
      .getByText(/messages? in Inbox|is that old/)
      .first()
      .waitFor();
    await form.getByRole('button', { name: /^(Let them leave|Set this)$/ }).click();
    await settings.getByText('To Trash after 1 day').waitFor();
    await settings.getByRole('button', { name: 'Close' }).click();
  });

  await step('its messages are announced, and one is kept', async () => {
    await folder(writer, 'Inbox').click();
    await leaving.first().waitFor({ timeout: 60_000 });
    await leaving.first().click();
    await writer.getByText(/^Goes to Trash by itself in [67] days, on /).waitFor();
    await writer.getByRole('button', { name: 'Keep', exact: true }).click();
    await writer.getByText('Kept: it does not leave').waitFor();
    await writer.getByRole('button', { name: 'Let go' }).click();
    await writer.getByText('Kept: it does not leave').waitFor({ state: 'detached' });
  });

  await step('the rule is taken away, and nothing leaves any more', async () => {
    await writer.getByRole('button', { name: 'Settings' }).click();
    await settings.getByRole('button', { name: 'Keep everything in Inbox again' }).click();
    await writer.getByRole('button', { name: 'Keep everything', exact: true }).click();
    await settings.getByText('To Trash after 1 day').waitFor({ state: 'detached' });
    await settings.getByRole('button', { name: 'Close' }).click();
    await leaving.first().waitFor({ state: 'detached' });
  });
}
