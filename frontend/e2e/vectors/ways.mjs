/**
 * Long enough for what a document does by itself once it is there. No condition tells that nothing will come: timers
 * and refreshes cannot be seen from outside. To wait for the document, two frames and an answer of the catcher is too
 * short: many of the mails that lead away had not done so yet.
 */
export const SETTLE_MS = 120;

/** The ways to a message. Each opens the messages of a mailbox in a tab and counts what it saw. */
export const WAYS = {
  /** From the list, by the keyboard, one after another. */
  async list(tab, held, places, opened) {
    const { page } = tab;
    const there = new Map(held.map((one) => [places.get(one.n).id, one]));
    await goToList(page, tab.base + places.get(held[0].n).list);
    await page.keyboard.press('Enter');
    for (let left = held.length; left > 0; left--) {
      const looked = await page.evaluate(() => globalThis.__rig.shown(globalThis.__before, true));
      const id = decodeURIComponent(new URL(page.url()).pathname.split('/').pop());
      tab.current = there.get(id);
      if (looked.failed || !tab.current) throw new Error(looked.failed ?? `${id} is not of this mailbox`);
      there.delete(id);
      note(opened, looked);
      await page.evaluate(
        async ([n, settle]) => {
          globalThis.__rig.at = n;
          await globalThis.__rig.use(settle);
          globalThis.__before = document.querySelector('article iframe');
        },
        [tab.current.n, SETTLE_MS],
      );
      await page.keyboard.press('j');
    }
  },

  /** By its address within the webmail. */
  async frame(tab, held, places, opened) {
    const { page } = tab;
    const stops = held.map(({ n }) => ({ n, path: `${places.get(n).list}/${places.get(n).id}` }));
    await goToList(page, tab.base + places.get(held[0].n).list);
    while (stops.length > 0) {
      tab.current = undefined;
      const seen = await page
        .evaluate(([all, settle]) => globalThis.__rig.walk(all, settle), [stops, SETTLE_MS])
        .catch((error) => [{ n: tab.current?.n, failed: error.message.split('\n')[0] }]);
      for (const looked of seen) {
        if (!looked.failed) note(opened, looked);
        else tab.tell('error', looked.failed);
      }
      // With the layers off a mail may well break the page: it is left behind with those before it.
      const last = seen.at(-1)?.n ?? stops[0].n;
      stops.splice(0, stops.findIndex(({ n }) => n === last) + 1);
      if (stops.length > 0) await goToList(page, tab.base + places.get(held[0].n).list);
    }
  },

  /** At its own address, as whoever copies that may open it. */
  async direct(tab, held, places, opened) {
    const { page } = tab;
    for (const one of held) {
      tab.expected = undefined;
      tab.current = one;
      const path = `${tab.base}/api/v1/messages/${places.get(one.n).id}/html`;
      await page.goto(path, { waitUntil: 'domcontentloaded' }).catch(() => undefined);
      tab.expected = path;
      note(opened, {});
      // Where no script may run, none of ours may either.
      if (tab.blind) await page.evaluate(() => globalThis.__rig.touch(document)).catch(() => undefined);
      await page.waitForTimeout(SETTLE_MS);
    }
    tab.expected = undefined;
  },
};

const rowsOf = (page) => page.getByRole('row').filter({ has: page.getByRole('checkbox') });

/** A list, asked for twice where the machine had too much to do at first. */
export async function goToList(page, address) {
  await page.goto(address);
  const first = rowsOf(page).first();
  await first.waitFor().catch(() => page.reload().then(() => first.waitFor()));
}

function note(opened, { boxed, policed }) {
  opened.n++;
  if (boxed) opened.boxed++;
  if (policed) opened.policed++;
}
