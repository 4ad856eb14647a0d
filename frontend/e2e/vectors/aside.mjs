import { goToList, SETTLE_MS } from './ways.mjs';

/** The ways beside the frame of a mail: what is around it, and the editor. */
export const ASIDE = {
  /** All around a message: its heads and source, an answer to it, its files at their own addresses, its row. */
  async around(tab, held, places, opened) {
    const { page } = tab;
    await goToList(page, tab.base + places.get(held[0].n).list);
    for (const one of held) {
      const id = await open(tab, one, places, false);
      await page.locator('article button.to').click();
      await page.evaluate(() => globalThis.__rig.touch(document.querySelector('article'), 'a, h1 *, dl *'));
      await source(page);
      await answer(page);
      await files(tab, one, id);
      opened.n++;
    }
    await goToList(page, `${tab.base}/search?q=from:mallory`);
    await page.waitForTimeout(SETTLE_MS);
  },

  /** The payload as a page of its own: whether it is alive at all. */
  async bare(tab, held, _, opened) {
    const { page } = tab;
    for (const one of held) {
      tab.current = one;
      const address = `${tab.base}/bare/${one.n}`;
      await page.route(address, (route) =>
        route.fulfill({ contentType: one.blindType, body: one.blind }).catch(() => undefined),
      );
      await page.goto(address, { waitUntil: 'domcontentloaded' }).catch(() => undefined);
      await page.evaluate(() => globalThis.__rig.touch(document)).catch(() => undefined);
      await page.waitForTimeout(SETTLE_MS);
      opened.n++;
    }
  },

  /** Addresses of ours that somebody made a link of. */
  async address(tab, held, _, opened) {
    for (const one of held) {
      tab.current = one;
      await tab.page.goto(tab.base + one.address).catch(() => undefined);
      await tab.page.waitForTimeout(SETTLE_MS);
      opened.n++;
    }
  },

  /** Into the editor, quoted in an answer. */
  async quoted(tab, held, places, opened) {
    await goToList(tab.page, tab.base + places.get(held[0].n).list);
    for (const one of held) {
      await open(tab, one, places, true);
      await answer(tab.page);
      opened.n++;
    }
  },

  /** Into the editor, from what was kept of a mail being written: the worst that could have been kept. */
  async kept(tab, held, places, opened) {
    const { page } = tab;
    const { list } = places.get(held[0].n);
    await goToList(page, tab.base + list);
    await page.evaluate(
      ([drafts, accountId]) => {
        for (const { n, html } of drafts) {
          const name = html.slice(0, 500);
          const draft = {
            id: String(n),
            key: String(n),
            accountId,
            from: { name, email: 'anna@example.org' },
            to: [{ name, email: 'x@example.org' }],
            cc: [],
            bcc: [],
            subject: name,
            html,
            lostFiles: [name],
          };
          localStorage.setItem(`valija.draft.${n}`, JSON.stringify(draft));
        }
      },
      [held, list.split('/')[2]],
    );
    await page.reload();
    for (let left = held.length; left > 0; left--) {
      await page.locator('.tab .back').first().click();
      await edit(page);
      opened.n++;
    }
  },
};

async function open(tab, one, places, framed) {
  const { id, list } = places.get(one.n);
  tab.current = one;
  const looked = await tab.page.evaluate(
    ([n, path, frame]) => {
      globalThis.__rig.at = n;
      return globalThis.__rig.open(path, frame);
    },
    [one.n, `${list}/${id}`, framed],
  );
  if (looked.failed) throw new Error(looked.failed);
  return id;
}

async function source(page) {
  await page.locator('article .bar').getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'View source' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Whole message' }).click();
  await dialog.locator('pre').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
}

async function answer(page) {
  await page.locator('article .bar').getByRole('button', { name: 'Reply', exact: true }).click();
  await edit(page);
}

/** Looks at what is in the editor, and throws it away. */
async function edit(page) {
  await page.locator('.ProseMirror').waitFor();
  await page.evaluate((settle) => {
    globalThis.__rig.touch(document.querySelector('.ProseMirror'));
    return globalThis.__rig.pause(settle);
  }, SETTLE_MS);
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await page.locator('.ProseMirror').waitFor({ state: 'detached' });
}

/** Each file as whoever has its address may open it. Saving it is what files are for. */
async function files(tab, one, id) {
  const path = `${tab.base}/api/v1/messages/${encodeURIComponent(id)}`;
  const { attachments } = await (await tab.page.request.get(path)).json();
  if (one.kind === 'part' && attachments.length === 0) throw new Error('the file is not there');
  for (const { partId } of attachments) {
    for (const disposition of ['inline', 'attachment']) {
      const page = await tab.another();
      await page.goto(`${path}/parts/${partId}?disposition=${disposition}`).catch(() => undefined);
      await page.waitForTimeout(SETTLE_MS);
      await page.close();
    }
  }
}
