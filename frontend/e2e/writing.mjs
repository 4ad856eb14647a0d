// What is dropped, cut and pasted while a mail is written, with the browser's own clipboard and dragging.
import assert from 'node:assert/strict';
import { settled } from './browser.mjs';
import { drawn, picture } from './pictures.mjs';

export async function write(page, base) {
  const body = page.getByRole('textbox', { name: 'Message body' });
  const images = body.locator('img:not(.ProseMirror-separator)');
  const paragraphs = () =>
    body.locator('p').evaluateAll((all) => all.map((one) => one.textContent).filter((text) => text));

  let clicks = 0;
  /** Elsewhere each time, for two clicks at one place are a double click. */
  const select = () => images.click({ position: { x: 20 + 40 * clicks++, y: 40 } });

  await page.goto(base);
  await page.getByRole('button', { name: 'Continue as anna' }).click();
  await page.getByRole('row').nth(5).waitFor();
  await page.getByRole('button', { name: 'New message' }).click();
  await page.getByPlaceholder('Subject').fill('First');

  // A piece of a line that is copied is a piece of a line where it is pasted.
  await body.click();
  await body.pressSequentially('one two three ');
  await body.press('Home');
  for (const _ of 'one ') await body.press('Shift+ArrowRight');
  await body.press('Control+c');
  await body.press('End');
  await body.press('Control+v');
  await body.getByText('three one').waitFor();
  assert.deepEqual(await paragraphs(), ['one two three one ']);

  await dragFiles(body, 'dragover');
  await page.getByText('Drop the picture into the text').waitFor();

  // A picture dropped on the text comes into it, and what else is dropped with it is attached.
  await dragFiles(body, 'drop');
  assert.match(await drawn(images), /^blob:/);
  await page.getByText('kitchen.pdf').waitFor();
  await page.getByText('broken.png').waitFor();
  assert.equal(await images.count(), 1);
  assert.equal(await page.getByText('Drop the picture into the text').count(), 0);
  const files = page.getByRole('list', { name: 'Attachments' }).getByRole('listitem');
  await page.waitForFunction(
    (list) => list.children.length === 2,
    await files.first().locator('..').elementHandle(),
  );

  // What is moved within the text is no file; and that is over with its drop, for its end is not told.
  await body.press('Control+End');
  await body.press('Enter');
  await body.pressSequentially('four');
  await body.press('Shift+Home');
  await settled(page);
  const from = await body.locator('p').last().boundingBox();
  await page.mouse.move(from.x + 10, from.y + 12);
  await page.mouse.down();
  await page.mouse.move(from.x + 14, from.y + 4, { steps: 4 });
  await page.mouse.move(from.x + 60, from.y - 60, { steps: 4 });
  assert.equal(await page.getByText(/^Drop (files|the picture)/).count(), 0);
  await page.mouse.up();
  await body.locator('p', { hasText: /four.*three/ }).waitFor();

  // Dropped beside the text, they are files all.
  await dragFiles(page.getByPlaceholder('Subject'), 'dragover');
  await page.getByText('Drop files to attach them').waitFor();
  await dragFiles(page.getByPlaceholder('Subject'), 'drop');
  await page.waitForFunction(
    (list) => list.children.length === 5,
    await files.first().locator('..').elementHandle(),
  );
  assert.equal(await images.count(), 1);

  // A picture need not be described, nor stay described.
  for (const words of ['The harbour', '']) {
    await select();
    await page.getByRole('button', { name: 'Describe the picture' }).click();
    await page.getByLabel('Description').fill(words);
    await page.getByRole('button', { name: 'OK', exact: true }).click();
    await page.getByRole('dialog', { name: 'Describe the picture' }).waitFor({ state: 'detached' });
    assert.equal(await images.getAttribute('alt'), words);
    // The editor takes the focus back with the next frame.
    await settled(page);
  }

  // Cut from one mail, it goes along with another.
  await select();
  await page.keyboard.press('Control+x');
  await images.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Minimise' }).click();
  await page.getByRole('button', { name: 'New message' }).click();
  await page.getByPlaceholder('Subject').fill('Second');
  await body.click();
  await page.keyboard.press('Control+v');
  assert.match(await drawn(images), /^blob:/);
  const kept = (subject) =>
    page.waitForFunction(
      (text) =>
        Object.keys(localStorage).some((key) => {
          const draft = key.startsWith('valija.draft.') ? JSON.parse(localStorage.getItem(key)) : {};
          return draft.subject === text && draft.attachments?.some((one) => one.contentId && one.uploadId);
        }),
      subject,
    );
  await kept('Second');

  // One whose mail is gone is missed aloud.
  await select();
  await page.keyboard.press('Control+x');
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.reload();
  await page.getByRole('button', { name: 'First' }).click();
  await body.click();
  await page.keyboard.press('Control+v');
  await page.getByText('A picture was left out').waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();
}

/** A picture, a PDF, and what is called a picture but is none. */
async function dragFiles(target, type) {
  const at = await target.boundingBox();
  const point = { clientX: at.x + 30, clientY: at.y + 10 };
  await target.evaluate(
    (element, { name, point, octets }) => {
      const dataTransfer = new DataTransfer();
      const add = (content, called, kind) =>
        dataTransfer.items.add(new File([content], called, { type: kind }));
      add('%PDF-1.4', 'kitchen.pdf', 'application/pdf');
      add(Uint8Array.from(octets), 'harbour.png', 'image/png');
      add('\x89PNG', 'broken.png', 'image/png');
      const over = element.querySelector?.('p') ?? element;
      over.dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true, ...point }));
    },
    { name: type, point, octets: await picture(target.page()) },
  );
}
