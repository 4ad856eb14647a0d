// The webmail in other languages than English: chosen by the browser and in the settings, with German's long words and
// from right to left. Nothing may be cut off or wider than the window.
import assert from 'node:assert/strict';
import { watch } from './browser.mjs';

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const desktop = { viewport: { width: 1280, height: 800 } };

/** Says what does not fit: the page beside its window, or the words of a control beside the control. */
function overflows(page) {
  return page.evaluate(() => {
    const found = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth - clientWidth} pixels too wide`);
    const controls = 'button, a, label, legend, summary, [role=menuitem], [role=menuitemradio], h3';
    for (const one of document.querySelectorAll(controls)) {
      const box = one.getBoundingClientRect();
      if (box.width < 2 || box.height < 2 || !one.checkVisibility({ visibilityProperty: true })) continue;
      const words = one.textContent.trim();
      const cut = [one, ...one.querySelectorAll('*')].some(
        (part) => part.clientWidth > 1 && part.scrollWidth > part.clientWidth + 1,
      );
      if (cut) found.push(`cut off: ${words}`);
      if (box.left < -1 || box.right > innerWidth + 1) found.push(`beside the window: ${words}`);
    }
    return found;
  });
}

export async function screensOfLanguages({ browser, serve, problems, screen }) {
  const visit = async (name, options, act) => {
    const { base, close } = await serve();
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.setDefaultTimeout(8_000);
    watch(page, problems);
    const shot = async (what) => {
      await screen(page, `${name}-${what}`);
      for (const one of await overflows(page)) problems.push(`${name}-${what}: ${one}`);
    };
    try {
      await act(page, shot, base);
    } catch (error) {
      await screen(page, `${name}-failed`);
      problems.push(`${name}: ${error.stack}`);
    }
    await context.close();
    await close();
  };
  const spoken = (page) => page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]);

  await visit('german-phone', { ...phone, locale: 'de-AT' }, async (page, shot, base) => {
    await page.goto(base);
    await page.getByText('Server-Einstellungen').click();
    await shot('1-sign-in');
    assert.deepEqual(await spoken(page), ['de', 'ltr']);
    await page.getByRole('button', { name: 'Weiter als anna' }).click();
    await page.getByRole('row').nth(5).waitFor();
    await shot('2-list');
    await page.getByRole('button', { name: 'Ordner', exact: true }).click();
    await page.getByRole('link', { name: /Posteingang/ }).waitFor();
    await shot('3-folders');
    await page.goBack();
    await page.getByRole('row').filter({ hasText: 'Priya' }).first().click();
    await page.getByText('Nehmen Sie teil?').waitFor();
    await shot('4-invitation');
    await page.goBack();
    await page.getByRole('row').filter({ hasText: 'Harbour' }).first().click();
    await page.getByText('externe Bilder').waitFor();
    await shot('5-pictures');
    await page.getByRole('button', { name: 'Mehr', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Als neu bearbeiten' }).waitFor();
    await shot('6-menu');
    await page.keyboard.press('Escape');
    await page.goBack();
    await page.getByRole('row').nth(0).click();
    await page.getByText('See you then').waitFor();
    await page.keyboard.press('r');
    await page.getByRole('textbox', { name: 'Nachrichtentext' }).getByText('schrieb').waitFor();
    await shot('7-reply');
    await page.getByRole('dialog').getByRole('button', { name: 'Schließen' }).click();
    await page.goBack();
    await page.getByRole('row').nth(1).hover();
    await page.keyboard.press('b');
    await page.getByRole('dialog', { name: 'Vertagen bis' }).waitFor();
    await shot('8-snooze');
    await page.keyboard.press('Escape');
    await page.keyboard.press(',');
    await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
    await shot('9-settings');
  });

  await visit('mirrored-phone', phone, async (page, shot, base) => {
    await page.addInitScript(() => localStorage.setItem('valija.prefs', '{"language":"ar-XB"}'));
    await page.goto(base);
    await page.getByText('Server settings').click();
    await shot('1-sign-in');
    assert.deepEqual(await spoken(page), ['ar-XB', 'rtl']);
    await page.getByRole('button', { name: 'Continue as' }).first().click();
    await page.getByRole('row').nth(5).waitFor();
    await shot('2-list');
    await page.getByRole('row').filter({ hasText: 'Harbour' }).first().click();
    await page.getByText('remote pictures').waitFor();
    await page.getByRole('button', { name: 'More', exact: false }).first().click();
    await page.getByRole('menuitem', { name: 'Edit as new' }).waitFor();
    await shot('3-reading');
    await page.keyboard.press('Escape');
    await page.goBack();
    await page.getByRole('row').nth(0).click();
    await page.getByText('See you then').waitFor();
    await page.keyboard.press('r');
    await page.getByRole('textbox', { name: 'Message body' }).getByText('wrote').waitFor();
    await shot('4-reply');
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await page.keyboard.press(',');
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await shot('5-settings');
    await page.setViewportSize(desktop.viewport);
    await page.keyboard.press('Escape');
    await page.getByRole('separator', { name: 'Width of the folders' }).press('ArrowLeft');
    assert.equal(
      await page.getByRole('separator', { name: 'Width of the folders' }).getAttribute('aria-valuenow'),
      '248',
    );
    await shot('6-desktop');
  });

  // What is asked of the network is looked at, so nobody else may answer.
  const choice = { ...desktop, locale: 'en-GB', serviceWorkers: 'block' };
  await visit('choice', choice, async (page, shot, base) => {
    const words = [];
    page.on('request', (request) => {
      const [name] = /\/(en|es|de|mirrored)-[^/]*\.js$/.exec(request.url())?.slice(1) ?? [];
      if (name) words.push(name);
    });
    await page.goto(base);
    await page.getByRole('button', { name: 'Continue as anna' }).click();
    await page.getByRole('row').filter({ hasText: 'Harbour' }).first().click();
    await page.getByText('remote pictures').waitFor();
    assert.deepEqual(words, ['en']);
    await page.keyboard.press(',');
    await page.getByLabel('Language').selectOption('Deutsch');
    await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
    await shot('1-german-settings');
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: /Posteingang/ }).waitFor();
    await page.getByText('externe Bilder').waitFor();
    await shot('2-german');
    await page.reload();
    await page.getByRole('link', { name: /Posteingang/ }).waitFor();
    assert.deepEqual(words, ['en', 'de', 'de']);
    await page.keyboard.press(',');
    // What cannot be had is not spoken, and can be asked for again.
    await page.route(/\/es-[^/]*\.js$/, (route) => route.abort('internetdisconnected'), { times: 1 });
    await page.getByLabel('Sprache').selectOption('Español');
    await page.getByText('Der Server war nicht erreichbar').waitFor();
    assert.equal(await page.getByLabel('Sprache').inputValue(), 'de');
    await page.getByLabel('Sprache').selectOption('Español');
    await page.getByRole('heading', { name: 'Ajustes' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('c');
    await page.getByRole('textbox', { name: 'Texto del mensaje' }).waitFor();
    await shot('3-spanish');
    assert.deepEqual(await spoken(page), ['es', 'ltr']);
  });

  await visit('lost-words', desktop, async (page, _, base) => {
    await page.route(/\/en-[^/]*\.js$/, (route) => route.abort('internetdisconnected'), { times: 1 });
    await page.goto(base);
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
  });
}
