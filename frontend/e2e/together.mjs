// Two windows, several people, and a network that comes and goes.
import assert from 'node:assert/strict';

export async function whatIsWrittenTogether({
  step,
  writer,
  reader,
  address,
  stamp,
  rows,
  folder,
  problems,
}) {
  const body = (page) => page.getByRole('textbox', { name: 'Message body' });
  const saved = (page) => page.getByRole('dialog').getByText(/^Saved, /);
  const begin = async (subject, text) => {
    await writer.getByRole('button', { name: 'New message' }).click();
    await writer.getByPlaceholder('Subject').fill(subject);
    await body(writer).pressSequentially(text);
  };
  const write = async (page, text) => {
    await body(page).press('Control+End');
    await body(page).pressSequentially(text);
  };
  /** What the server keeps under that subject, as it was written. */
  const drafts = async (subject) => {
    const all = await reader.evaluate(async (wanted) => {
      const get = async (path) => (await fetch(`/api/v1${path}`)).json();
      const there = (await get('/drafts')).items.filter((one) => one.subject === wanted);
      return Promise.all(there.map(async ({ id }) => (await get(`/drafts/${id}`)).content.html));
    }, subject);
    return all.map((html) => html.replace(/<[^>]*>/g, '')).sort();
  };
  const discard = async (page) => {
    const gone = page.waitForResponse(
      (answer) => answer.request().method() === 'DELETE' && /drafts/.test(answer.url()),
    );
    await page.getByRole('button', { name: 'Discard' }).click();
    assert.equal((await gone).status(), 204);
  };

  await step('an answer to all goes to all but oneself', async () => {
    const subject = `To all ${stamp}`;
    await begin(subject, 'Who comes?');
    await writer.getByRole('combobox', { name: 'To' }).fill(`${address}, bert@example.net,`);
    await body(writer).press('Control+Enter');
    const sent = rows(reader).filter({ hasText: subject }).first();
    await sent.waitFor({ timeout: 60_000 });
    await sent.click();
    await reader.getByRole('article', { name: subject }).waitFor();
    await reader.keyboard.press('a');
    const answer = reader.getByRole('dialog');
    await answer.getByRole('button', { name: /^Remove .*bert/ }).waitFor();
    assert.equal(await answer.getByRole('button', { name: /^Remove / }).count(), 1);
    await answer.getByRole('button', { name: 'Close' }).click();
  });

  await step('written on in both windows, both texts are kept, and that is said', async () => {
    const subject = `Both ${stamp}`;
    await begin(subject, 'Begun.');
    await saved(writer).waitFor();
    await folder(reader, 'Drafts').click();
    await rows(reader).filter({ hasText: subject }).click({ timeout: 60_000 });
    await body(reader).getByText('Begun.').waitFor();
    const second = writer.waitForResponse((answer) => answer.request().method() === 'PUT');
    await write(writer, ' Here.');
    assert.equal((await second).status(), 200);
    await write(reader, ' There.');
    await reader.getByText('Changed on another device too: both texts are kept').waitFor();
    assert.deepEqual(await drafts(subject), ['Begun. Here.', 'Begun. There.']);
    assert.equal(problems.length, 1);
    assert.match(problems.pop(), /^PUT .*drafts.* 409$/);
    await discard(writer);
    await discard(reader);
    assert.deepEqual(await drafts(subject), []);
    await rows(reader).filter({ hasText: subject }).first().waitFor({ state: 'detached', timeout: 60_000 });
    await folder(reader, 'Inbox').click();
  });

  await step('what is written without a network is kept here, and saved when there is one', async () => {
    const subject = `Offline ${stamp}`;
    await begin(subject, 'Before.');
    await saved(writer).waitFor();
    await writer.context().setOffline(true);
    await write(writer, ' Without.');
    await writer.getByText('Kept on this device; the server cannot be reached').waitFor();
    assert.deepEqual(await drafts(subject), ['Before.']);
    await writer.context().setOffline(false);
    await writer.reload();
    await writer.getByRole('button', { name: subject, exact: true }).click();
    await body(writer).getByText('Before. Without.').waitFor();
    await saved(writer).waitFor();
    assert.deepEqual(await drafts(subject), ['Before. Without.']);
    await discard(writer);
    assert.deepEqual(await drafts(subject), []);
  });
}
