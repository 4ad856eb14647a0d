// The screens of the webmail over the made-up server of dev/: axe on each, and a picture of it in e2e/out.
//   node e2e/mock.mjs [all | desktop-light | phone | dark | behaviour | writing | languages]
// Each size in one scheme, in the other one tomorrow; or all of them, or what is named.
import { mkdir } from 'node:fs/promises';
import { preview } from 'vite';
import { behave } from './behaviour.mjs';
import { launch, settled, violations, watch } from './browser.mjs';
import { screensOfCollections } from './collections.mjs';
import { screensOfLanguages } from './languages.mjs';
import { screensOfLater } from './later.mjs';
import { screensOfLeaving } from './leaving.mjs';
import { pastePicture } from './pictures.mjs';
import { screensOfSharing } from './sharing.mjs';
import { write } from './writing.mjs';

// As dev.valija.web.BrowserRules has it.
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self' blob:; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html dompurify ProseMirrorClipboard valija-mail-frame valija-worker";
const out = new URL('out/', import.meta.url).pathname;
await mkdir(out, { recursive: true });
/** A server for each run: what one did to its mail is not there in the next. */
async function serve() {
  const server = await preview({
    mode: 'mock',
    preview: { port: 0, host: '127.0.0.1', headers: { 'Content-Security-Policy': POLICY } },
  });
  return { base: `http://127.0.0.1:${server.httpServer.address().port}`, close: () => server.close() };
}

const browser = await launch();
const problems = [];
const only = process.argv[2];

async function screen(page, name) {
  await settled(page);
  await page.screenshot({ path: `${out}${name}.png` });
  for (const violation of await violations(page)) problems.push(`${name}: ${violation}`);
}

const sizes = [
  { name: 'desktop', width: 1280, height: 800 },
  { name: 'large', width: 1920, height: 1080 },
  { name: 'tablet', width: 768, height: 1024 },
  { name: 'phone', width: 390, height: 844, hasTouch: true, isMobile: true },
  { name: 'small', width: 360, height: 740, hasTouch: true, isMobile: true },
];
const today = Math.floor(Date.now() / 86_400_000);
for (const [at, colorScheme] of ['light', 'dark'].entries()) {
  for (const [n, { name, width, height, ...touch }] of sizes.entries()) {
    if (!only && (n + today) % 2 !== at) continue;
    if (only && only !== 'all' && !`${name}-${colorScheme}`.includes(only)) continue;
    const { base, close } = await serve();
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, ...touch });
    const page = await context.newPage();
    page.setDefaultTimeout(8_000);
    watch(page, problems);
    const shot = (what) => screen(page, `${name}-${colorScheme}-${what}`);
    try {
      await page.goto(base);
      await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
      await shot('1-sign-in');
      await page.getByLabel('Mail address').fill('anna@demo.valija.test');
      await page.getByLabel('Password', { exact: true }).fill('wrong');
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByText('does not accept').waitFor();
      await page.getByText('Server settings').click();
      await shot('2-sign-in-problem');
      await page.getByRole('button', { name: 'Continue as anna' }).click();
      await page.getByRole('row').nth(5).waitFor();
      await shot('3-list');
      await page.getByRole('row').nth(0).click();
      await page.getByText('See you then').waitFor();
      await shot('4-plain');
      if (width < 1100) await page.goBack();
      await page.getByRole('row').filter({ hasText: 'Harbour' }).first().click();
      await page.getByText('remote pictures').waitFor();
      await page.frameLocator('iframe').getByText('Twelve books').waitFor();
      await shot('5-html');
      if (width < 1100) await page.goBack();
      await page.getByRole('row').filter({ hasText: 'Priya' }).first().click();
      await page.getByText('Will you come?').waitFor();
      await page.getByText('5 invited').click();
      await shot('5b-invite');
      await page.getByRole('button', { name: 'Accept' }).click();
      await page.getByText('You said that you come.').waitFor();
      await shot('5c-accepted');
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByText('Will you come?').waitFor();
      if (width < 1100) await page.goBack();
      await page.getByRole('row').filter({ hasText: 'Tomás' }).first().click();
      await page.getByText('was cancelled').waitFor();
      await shot('5d-cancelled');
      if (width < 1100) await page.goBack();
      await page.getByRole('row').filter({ hasText: 'City Library' }).first().click();
      await page.getByText('calls itself').waitFor();
      await shot('5e-warned');
      if (width < 1100) await page.goBack();
      await page.getByRole('row').filter({ hasText: 'backup@' }).first().click();
      await page.getByText('its source is shown').waitFor();
      await shot('5f-source');
      if (width < 1100) await page.goBack();
      await page.getByRole('row').filter({ hasText: 'Jonas Weber' }).first().click();
      await page.getByText('asks to be told').waitFor();
      await shot('5g-receipt');
      await page.getByRole('button', { name: 'Tell them' }).click();
      await page.getByText('You have told Jonas Weber').waitFor();
      await page.getByRole('button', { name: 'More', exact: true }).last().click();
      await page.getByRole('menuitem', { name: 'Redirect' }).click();
      // What is written goes to the dialog's field at once, and Escape to its list first.
      const redirect = page.getByRole('dialog', { name: 'Redirect' });
      await redirect.locator('input:focus').waitFor();
      await page.keyboard.type('exam');
      await redirect.getByRole('option').first().waitFor();
      await page.keyboard.press('Escape');
      await redirect.getByRole('option').first().waitFor({ state: 'detached' });
      await redirect.getByRole('combobox', { name: 'To' }).fill('luis@example.org,');
      await shot('5h-redirect');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').getByRole('button', { name: 'Redirect' }).click();
      await page.getByText('Sending in a few seconds').waitFor();
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByText('It was not sent on.').waitFor();
      if (width < 1100) await page.goBack();
      await page.getByRole('row').filter({ hasText: 'Marta' }).first().click();
      await page.getByTitle('Show lighthouse.png').waitFor();
      await shot('6-attachments');
      await page.getByTitle('Show invoice-2026-1183.pdf').click();
      await page.getByRole('dialog').getByText('page 1', { exact: false }).first().waitFor();
      await shot('6-attachments-pdf');
      await page.keyboard.press('ArrowRight');
      await page.getByRole('img', { name: 'lighthouse.png' }).waitFor();
      await shot('6-attachments-image');
      await page.keyboard.press('Escape');
      await page.getByTitle('Show invoice-2026-1183.pdf').waitFor();
      await page.keyboard.press('a');
      await page.getByRole('textbox', { name: 'Message body' }).waitFor();
      await shot('7-reply');
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
      if (width < 1100) await page.goBack();
      await page.keyboard.press('c');
      await page.getByRole('combobox', { name: 'To' }).fill('luis@example.org, nonsense,');
      await page.keyboard.press('Enter');
      await page.getByRole('combobox', { name: 'To' }).pressSequentially('exam');
      await page.getByRole('option', { name: 'Marta Oliveira' }).waitFor();
      await shot('8a-suggestions');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Remove Jonas Weber' }).waitFor();
      await page.getByPlaceholder('Subject').fill('Kitchen plans');
      await shot('8-compose');
      await page.getByRole('button', { name: 'Remind me if nobody answers' }).click();
      await page.getByRole('menuitemradio', { name: 'In 4 days' }).waitFor();
      await shot('8a-reminder');
      await page.getByRole('menuitemradio', { name: 'In 4 days' }).click();
      await page.getByRole('button', { name: 'Reminder in 4 days' }).waitFor();
      await page.locator('input[type=file]').setInputFiles([
        { name: 'kitchen-north-wall.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(80_000) },
        { name: 'walk-through-slow.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(3_000_000) },
        { name: 'all-photos-huge.zip', mimeType: 'application/zip', buffer: Buffer.alloc(4_000_000) },
      ]);
      await page.getByText('80 kB').waitFor();
      await page.getByText('of 3 MB').waitFor();
      await page.getByText('larger than the mail server takes').waitFor();
      await shot('8b-uploads');
      await page.getByRole('button', { name: 'Cancel all-photos-huge.zip' }).click();
      await page.getByRole('button', { name: 'Remove nonsense' }).click();
      await page.keyboard.press('Control+Enter');
      await page.getByText('Sends when the files are uploaded').waitFor();
      await shot('8c-waiting');
      await page.getByRole('button', { name: 'Do not send yet' }).click();
      await page.getByRole('button', { name: 'Cancel walk-through-slow.mp4' }).click();
      const body = page.getByRole('textbox', { name: 'Message body' });
      await body.click();
      await body.pressSequentially('This is how it could look:');
      await pastePicture(page);
      await body.locator('img').first().waitFor();
      await settled(page);
      // A click while the picture takes its place goes beside it.
      const describe = page.getByRole('button', { name: 'Describe the picture' });
      for (let tries = 0; tries < 5 && !(await describe.isVisible()); tries++) {
        await body.locator('img').first().click();
        await describe.waitFor({ timeout: 1_500 }).catch(() => undefined);
      }
      await describe.waitFor();
      await shot('8d-picture');
      await page.getByRole('combobox', { name: 'To' }).fill('new@exmaple.org,');
      await page.keyboard.press('Control+Enter');
      await page.getByText('one letter away from example.org').waitFor();
      await shot('8e-doubt');
      await page.getByRole('button', { name: 'Cancel', exact: true }).click();
      await page.getByRole('button', { name: 'Templates' }).click();
      await page.getByRole('menuitem', { name: 'Save as a template' }).click();
      await page.getByLabel('Name', { exact: true }).fill('Kitchen, first answer');
      await shot('8f-template');
      await page.getByRole('button', { name: 'OK' }).click();
      await page.getByText('is kept as a template').waitFor();
      await shot('8g-toast');
      await page.getByRole('button', { name: 'Templates' }).click();
      await shot('8h-templates');
      await page.getByRole('menuitem', { name: 'Kitchen, first answer' }).click();
      await body.getByText('could look:This is how').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
      await page
        .getByRole('checkbox', { name: /Select the message/ })
        .nth(1)
        .click();
      await page
        .getByRole('checkbox', { name: /Select the message/ })
        .nth(3)
        .click();
      await shot('9-picked');
      await page.getByRole('button', { name: 'Clear the selection' }).click();
      await page.getByRole('row').nth(1).hover();
      await page.keyboard.press('b');
      const snooze = page.getByRole('dialog', { name: 'Snooze until' });
      await snooze.locator('li:first-child button:focus').waitFor();
      await snooze.getByText('Tomorrow morning').waitFor();
      await snooze.getByLabel('Choose a time').fill('2020-01-01T08:00');
      await snooze.getByRole('button', { name: 'Snooze', exact: true }).click();
      await snooze.getByText('This time is over.').waitFor();
      await shot('9a-snooze');
      await snooze.getByText('Tomorrow morning').click();
      await page.getByText('Snoozed until').waitFor();
      if (width < 700) await page.getByRole('button', { name: 'Folders' }).click();
      await page.getByRole('link', { name: /Snoozed/ }).click();
      await page.locator('time.late').waitFor();
      await page.getByRole('row').nth(3).waitFor();
      await shot('9b-snoozed');
      await page.getByRole('row').nth(0).hover();
      await page.keyboard.press('b');
      await snooze.locator('button:focus', { hasText: 'Bring back now' }).waitFor();
      await shot('9b-snoozed-back');
      await page.keyboard.press('Enter');
      await page.getByText('Back in its folder').waitFor();
      if (width < 700) await page.getByRole('button', { name: 'Folders' }).click();
      await page.getByRole('link', { name: /Sent/ }).click();
      await page.getByRole('row').nth(0).click();
      await page.getByText('See you then').or(page.locator('iframe')).first().waitFor();
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Remind me if nobody answers' }).click();
      const reminder = page.getByRole('dialog', { name: 'Remind me if nobody answers' });
      await reminder.getByText('In 7 days').waitFor();
      await shot('9c-reminder');
      await reminder.getByText('In 7 days').click();
      await page.getByText('You are reminded').waitFor();
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Remind me if nobody answers' }).click();
      await reminder.locator('button:focus', { hasText: 'In 2 days' }).waitFor();
      await reminder.locator('button:enabled', { hasText: 'No reminder' }).click();
      await page.getByText('No reminder any more').waitFor();
      if (width < 1100) await page.goBack();
      if (width < 700) await page.getByRole('button', { name: 'Folders' }).click();
      await page.getByRole('link', { name: /Inbox/ }).click();
      await screensOfLater({ page, shot, narrow: width < 700 });
      await screensOfLeaving({ page, shot, narrow: width < 700, wide: width >= 1100 });
      await page.getByRole('searchbox').fill('luis');
      await page.keyboard.press('Enter');
      await page.getByText('Results for').first().waitFor();
      await page.getByRole('row').nth(2).waitFor();
      await shot('10-search');
      await page.keyboard.press(',');
      await page.getByRole('heading', { name: 'Settings' }).waitFor();
      await shot('10a-settings');
      await screensOfCollections({ page, shot });
      await page.getByRole('button', { name: 'Add an address to send from' }).click();
      const identity = page.getByRole('dialog', { name: 'Add an address to send from' });
      await identity.getByLabel('Your name').fill('Anna, Kitchen Planning');
      await identity.getByLabel('Mail address').fill('kitchen@demo.valija.test');
      await identity.getByRole('textbox', { name: 'Signature' }).click();
      await page.keyboard.press('Control+b');
      await page.keyboard.type('Anna Example');
      await page.keyboard.press('Control+b');
      await page.keyboard.press('Enter');
      await page.keyboard.type('Kitchen Planning · +49 30 5550100');
      await shot('10e-identity');
      await identity.getByRole('button', { name: 'Save' }).click();
      await identity.waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: 'Name and signature of kitchen@demo.valija.test' }).click();
      await page.getByRole('dialog').getByText('+49 30 5550100').waitFor();
      await page.getByRole('dialog').last().getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('button', { name: 'Remove kitchen@demo.valija.test' }).click();
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await page.getByText('kitchen@demo.valija.test').waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: 'Open the address book' }).click();
      const book = page.getByRole('dialog', { name: 'Address book' });
      await book.getByText('Jonas Weber').waitFor();
      await shot('10b-contacts');
      await book.getByRole('button', { name: 'Remove Jonas Weber' }).click();
      await book.getByText('Jonas Weber was removed').waitFor();
      await book.getByRole('button', { name: 'Edit Luis García' }).click();
      await book.getByLabel('Mail address').fill('priya@example.net');
      await shot('10c-contact');
      await book.getByRole('button', { name: 'Cancel' }).click();
      await book.getByLabel('From your mail').check();
      await book.getByText('Marta Oliveira').waitFor();
      await shot('10d-collected');
      await book.getByRole('searchbox').fill('nobody');
      await book.getByText('Nobody is called like that').waitFor();
      await book.getByRole('button', { name: 'Close' }).click();
      await book.waitFor({ state: 'hidden' });
      await page.keyboard.press('?');
      const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
      await help.waitFor();
      await shot('11-help');
      await help.getByRole('button', { name: 'Close' }).click();
      await screensOfSharing({ page, shot, narrow: width < 700, wide: width >= 1100 });
    } catch (error) {
      await page.screenshot({ path: `${out}${name}-${colorScheme}-failed.png` });
      problems.push(`${name}-${colorScheme}: ${error.message}`);
    }
    await context.close();
    await close();
  }
}
for (const [name, act] of Object.entries({ behaviour: behave, writing: write })) {
  if (only && only !== 'all' && only !== name) continue;
  const { base, close } = await serve();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  watch(page, problems);
  try {
    await act(page, base);
  } catch (error) {
    await page.screenshot({ path: `${out}${name}-failed.png` });
    problems.push(`${name}: ${error.stack}`);
  }
  await context.close();
  await close();
}
if (!only || only === 'all' || only === 'languages')
  await screensOfLanguages({ browser, serve, problems, screen });
await browser.close();
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? 'all screens are fine' : `${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
