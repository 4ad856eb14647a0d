// A picture pasted into a mail: on its way, after a reload, at its reader, and in the answer.
import assert from 'node:assert/strict';

/** The octets of 640 × 400 pixels in two colours, drawn by the browser itself. */
export function picture(page) {
  return page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [640, 400];
    const pen = canvas.getContext('2d');
    pen.fillStyle = '#b9c9cf';
    pen.fillRect(0, 0, 640, 400);
    pen.fillStyle = '#2b6f74';
    pen.fillRect(0, 260, 640, 140);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
}

export async function pastePicture(page) {
  await page.getByRole('textbox', { name: 'Message body' }).evaluate(
    (body, octets) => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([Uint8Array.from(octets)], 'image.png', { type: 'image/png' }));
      body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    },
    await picture(page),
  );
}

function pasteHtml(page, html) {
  return page.getByRole('textbox', { name: 'Message body' }).evaluate((body, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/html', text);
    body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, html);
}

/** Waits until a picture is drawn, and says where it came from. */
export async function drawn(images) {
  await images.first().waitFor();
  return images.first().evaluate(async (image) => {
    const there = () => image.complete && image.naturalWidth > 0;
    if (!there()) await new Promise((resolve) => image.addEventListener('load', resolve, { once: true }));
    return image.src;
  });
}

export async function picturesInTheText({ step, writer, reader, address, stamp, rows }) {
  const subject = `Picture ${stamp}`;
  const body = writer.getByRole('textbox', { name: 'Message body' });
  const images = body.locator('img:not(.ProseMirror-separator)');

  /** Until the server has it all, with the picture and that in the text. */
  const saved = (sought) =>
    writer.waitForFunction(
      (text) =>
        Object.keys(localStorage).some((key) => {
          const kept = key.startsWith('valija.draft.') ? JSON.parse(localStorage.getItem(key)) : {};
          return kept.clean && kept.attachments?.[0]?.uploadId && kept.html.includes(text);
        }),
      sought,
    );

  await step('a pasted picture stands in the text at once', async () => {
    await writer.getByRole('button', { name: 'New message' }).click();
    await writer.getByRole('combobox', { name: 'To' }).fill(`${address},`);
    await writer.getByPlaceholder('Subject').fill(subject);
    await body.click();
    await body.pressSequentially('The harbour:');
    await pastePicture(writer);
    assert.match(await drawn(images), /^blob:/);
    assert.equal(await images.getAttribute('width'), '640');
  });

  await step('taken out and put back by undo, it is there', async () => {
    await saved('cid:');
    await images.click();
    await body.press('Delete');
    await images.waitFor({ state: 'detached' });
    await body.press('Control+z');
    assert.match(await drawn(images), /^blob:/);
    await images.click();
    await writer.getByRole('button', { name: 'Describe the picture' }).click();
    await writer.getByLabel('Description').fill('The harbour at dawn');
    await writer.getByRole('button', { name: 'OK' }).click();
    await body.getByAltText('The harbour at dawn').waitFor();
    // The caret is put back where it was when the dialog is gone.
    await writer.getByLabel('Description').waitFor({ state: 'detached' });
  });

  await step('pictures of others are not fetched for what is pasted', async () => {
    const asked = [];
    const listen = (request) => {
      if (request.url().includes('elsewhere.example')) asked.push(request.url());
    };
    writer.on('request', listen);
    await body.press('Control+End');
    await pasteHtml(
      writer,
      '<p>Pasted <b>words</b><img src="https://elsewhere.example/1.png"><img src="cid:other@x"></p>',
    );
    await body.getByText('Pasted words').waitFor();
    assert.equal(await images.count(), 1);
    assert.deepEqual(asked, []);
    writer.off('request', listen);
  });

  await step('after a reload it comes from the server', async () => {
    await saved('at dawn');
    await writer.reload();
    await writer.getByRole('button', { name: subject }).click();
    assert.match(await drawn(images), /\/api\/v1\/uploads\/\d+\/content$/);
  });

  await step('its reader sees it, and it is no attachment', async () => {
    await body.press('Control+Enter');
    await writer.getByText('Sending in a few seconds').waitFor();
    await rows(reader).filter({ hasText: subject }).first().waitFor({ timeout: 60_000 });
    await rows(reader).filter({ hasText: subject }).first().click();
    await reader.getByRole('article', { name: subject }).waitFor();
    const shown = reader.frameLocator('iframe').getByAltText('The harbour at dawn');
    await shown.waitFor();
    assert.match(await shown.getAttribute('src'), /^data:image\/png/);
    assert.equal(await reader.getByRole('link', { name: /^Download/ }).count(), 0);
    const id = new URL(reader.url()).pathname.split('/').at(-1);
    const source = await reader.evaluate(
      (message) => fetch(`/api/v1/messages/${message}/raw`).then((answer) => answer.text()),
      id,
    );
    assert.match(source, /multipart\/related/);
    assert.match(source, /Content-ID: <\w+@valija>/i);
    assert.match(source, /Content-Disposition: inline/i);
    assert.match(source, /<p style="margin:0">The harbour:<img/, 'the key that sends it writes nothing');
    assert.ok(!/blob:|\/api\/v1\//.test(source), 'nothing of ours is named in it');
  });

  await step('an answer shows it in the quote', async () => {
    await reader.keyboard.press('r');
    const quoted = reader
      .getByRole('textbox', { name: 'Message body' })
      .locator('blockquote img:not(.ProseMirror-separator)');
    assert.match(await drawn(quoted), /\/api\/v1\/messages\/[\w-]+\/parts\/[\d.]+\?disposition=inline$/);
    await reader.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await reader.keyboard.press('#');
    await rows(reader).filter({ hasText: subject }).first().waitFor({ state: 'detached' });
  });
}
