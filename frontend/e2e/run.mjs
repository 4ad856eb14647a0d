// The main job against a running Valija, as a person does it, and axe on each of its screens.
// npm run e2e -- --base=http://localhost:8080, or by the environment:
//   BASE_URL USER1 PASSWORD1   HOST SERVER_IMAP_PORT SERVER_SMTP_PORT (where the servers are not found by themselves)
//   USER2 USER3 (others of the same mail server, with the same password: mail is shared with the one, the other writes)
//   SERVER_POP3_PORT POP3_USER POP3_SUBJECT (somebody with the same password who has one message there)
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { launch, violations, watch } from './browser.mjs';
import { whatIsFetched } from './collections.mjs';
import { whatLeavesByItself } from './departing.mjs';
import { whatFollowsSending, whatOneSignsWith } from './following.mjs';
import { whatGoesLater } from './later.mjs';
import { kept, whatIsReadOffline } from './offline.mjs';
import { picturesInTheText } from './pictures.mjs';
import { whatIsShared } from './sharing.mjs';
import { whatIsWrittenTogether } from './together.mjs';

const option = (name) => process.argv.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3);
const base = option('base') ?? process.env.BASE_URL ?? 'http://localhost:8080';
const given = {
  user: option('user') ?? process.env.USER1,
  password: option('password') ?? process.env.PASSWORD1,
};
const server = {
  host: process.env.HOST_NAME ?? process.env.HOST,
  imap: process.env.SERVER_IMAP_PORT,
  smtp: process.env.SERVER_SMTP_PORT,
  pop3: process.env.SERVER_POP3_PORT,
  pop3User: process.env.POP3_USER,
};
const out = new URL('out/', import.meta.url).pathname;
const stamp = Date.now().toString(36);
const subject = `Journey ${stamp}`;
const problems = [];

await mkdir(out, { recursive: true });
const browser = await launch();
const steps = [];
let pages = [];

async function step(name, act) {
  const begun = performance.now();
  try {
    await act();
    const ms = Math.round(performance.now() - begun);
    steps.push(name);
    console.log(`ok   ${name} (${ms} ms)`);
  } catch (error) {
    console.error(`FAIL ${name}\n${error.stack ?? error}`);
    for (const problem of problems) console.error(problem);
    for (const [at, page] of pages.entries())
      await page.screenshot({ path: `${out}failed-${at}.png` }).catch(() => undefined);
    await browser.close();
    process.exit(1);
  }
}

async function open(options) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  watch(page, problems);
  page.on('response', (answer) => {
    const request = answer.request();
    if (request.method() !== 'GET' && !answer.ok())
      problems.push(`${request.method()} ${answer.url()} ${answer.status()}`);
  });
  pages = [...pages, page];
  return page;
}

const signInButton = (page) => page.getByRole('button', { name: 'Sign in', exact: true });
const rows = (page) =>
  page
    .getByRole('grid')
    .getByRole('row')
    .filter({ has: page.getByRole('checkbox') });
const folder = (page, name) =>
  page.getByRole('navigation').getByRole('link', { name: new RegExp(`^${name}`) });

async function enter(page, user = given.user) {
  if (!user)
    return page
      .getByRole('button', { name: /^Continue as/ })
      .first()
      .click();
  await page.getByLabel('Mail address').fill(user);
  await page.getByLabel('Password', { exact: true }).fill(given.password ?? '');
  if (server.imap) {
    await page.getByText('Server settings').click();
    for (const [name, port] of [
      ['imap', server.imap],
      ['smtp', server.smtp],
    ]) {
      await page.locator(`[name=${name}-host]`).fill(server.host ?? 'localhost');
      await page.locator(`[name=${name}-port]`).fill(port ?? '');
    }
  }
  await signInButton(page).click();
}

async function signIn(page, user = given.user) {
  await page.goto(base);
  await signInButton(page).waitFor();
  await enter(page, user);
  await folder(page, 'Inbox').waitFor();
  await page.getByRole('heading', { name: 'Inbox' }).waitFor();
}

async function accessible(page, name) {
  const found = await violations(page);
  await page.screenshot({ path: `${out}real-${name}.png` });
  assert.deepEqual(found, [], `axe on ${name}`);
}

const first = await open({ colorScheme: 'light' });
let address = '';

await step('a wrong password is answered in plain words', async () => {
  await first.goto(base);
  await signInButton(first).waitFor();
  await accessible(first, 'sign-in-light');
  if (!given.user || !server.imap) return;
  await first.getByLabel('Mail address').fill(given.user);
  await first.getByLabel('Password', { exact: true }).fill(`${given.password}-wrong`);
  await first.getByText('Server settings').click();
  await first.locator('[name=imap-host]').fill(server.host ?? 'localhost');
  await first.locator('[name=imap-port]').fill(server.imap);
  await signInButton(first).click();
  await first.getByText('does not accept this address and password').waitFor();
  assert.deepEqual(problems.splice(0), [`POST ${base}/api/v1/session 401`]);
});

await step('signing in shows the inbox', async () => {
  await signIn(first);
  const session = await first.evaluate(() => fetch('/api/v1/session').then((answer) => answer.json()));
  address = session.accounts[0].address;
  await rows(first).first().or(first.getByText('All read, all done')).waitFor();
  await accessible(first, 'list-light');
});

const second = await open({ colorScheme: 'dark' });
await step('the same person is signed in a second time', async () => {
  await second.goto(base);
  await signInButton(second).waitFor();
  await accessible(second, 'sign-in-dark');
  await signIn(second);
  await rows(second).first().or(second.getByText('All read, all done')).waitFor();
  await accessible(second, 'list-dark');
});

await step('writing to oneself', async () => {
  await first.getByRole('button', { name: 'New message' }).click();
  await first.getByRole('combobox', { name: 'To' }).fill(`${address},`);
  await first.getByPlaceholder('Subject').fill(subject);
  const body = first.getByRole('textbox', { name: 'Message body' });
  await body.click();
  await body.pressSequentially(`Hello from ${stamp}`);
  await first.locator('input[type=file]').setInputFiles({
    name: 'note.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from(`attached ${stamp}`),
  });
  await first.getByText('note.txt').waitFor();
  await accessible(first, 'compose-light');
  await body.press('Control+Enter');
  await first.getByText('Sending in a few seconds').waitFor();
});

await step('it can be taken back, changed and sent after all', async () => {
  await first.getByRole('button', { name: 'Undo' }).click();
  await first.getByPlaceholder('Subject').waitFor();
  assert.equal(await first.getByPlaceholder('Subject').inputValue(), subject);
  await first.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
  await first.getByText('Sending in a few seconds').waitFor();
});

const arrived = (page) => rows(page).filter({ hasText: subject });
await step('it appears by push in both windows', async () => {
  await arrived(second).first().waitFor({ timeout: 60_000 });
  await arrived(first).first().waitFor();
});

await step('reading it marks it as read', async () => {
  await arrived(second).first().click();
  const message = second.getByRole('article', { name: subject });
  await second.frameLocator('iframe').getByText(`Hello from ${stamp}`).waitFor();
  await message.getByRole('link', { name: 'Download note.txt' }).waitFor();
  await accessible(second, 'reading-dark');
  await arrived(first).first().filter({ hasNotText: 'Unread' }).waitFor();
});

await step('its attachment is what was attached', async () => {
  const waiting = second.waitForEvent('download');
  await second.getByRole('link', { name: 'Download note.txt' }).click();
  const stream = await (await waiting).createReadStream();
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  assert.equal(Buffer.concat(chunks).toString(), `attached ${stamp}`);
});

await step('answering quotes it', async () => {
  await second.keyboard.press('r');
  const body = second.getByRole('textbox', { name: 'Message body' });
  await body.getByText(`Hello from ${stamp}`).waitFor();
  assert.equal(await second.getByPlaceholder('Subject').inputValue(), `Re: ${subject}`);
  await accessible(second, 'compose-dark');
  await second.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
});

await picturesInTheText({ step, writer: first, reader: second, address, stamp, rows });
await whatFollowsSending({ step, writer: first, reader: second, address, stamp, rows, folder });
await whatOneSignsWith({ step, writer: first, stamp });
const itHasGone = await whatGoesLater({ step, writer: first, reader: second, address, stamp, rows, folder });
await whatIsWrittenTogether({ step, writer: first, reader: second, address, stamp, rows, folder, problems });
await itHasGone();
await whatLeavesByItself({ step, writer: first, rows, folder });

const draft = `Unfinished ${stamp}`;
const drafted = (page, text) => rows(page).filter({ hasText: text });
await step('what is put aside is in Drafts, for other programs too', async () => {
  await first.getByRole('button', { name: 'New message' }).click();
  await first.getByPlaceholder('Subject').fill(draft);
  await first.getByRole('textbox', { name: 'Message body' }).pressSequentially('Dear all,');
  await first.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await folder(first, 'Drafts').click();
  await drafted(first, draft).waitFor({ timeout: 60_000 });
  // The answer of the step before, in which nobody wrote, is none.
  assert.equal(await rows(first).count(), 1);
  await accessible(first, 'drafts-light');
});

await step('it is gone on with from there, and has one copy', async () => {
  await drafted(first, draft).click();
  await first.getByRole('textbox', { name: 'Message body' }).getByText('Dear all,').waitFor();
  await first.getByPlaceholder('Subject').fill(`${draft}, more of it`);
  await first.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await drafted(first, `${draft}, more of it`).waitFor({ timeout: 60_000 });
  await drafted(first, /Unfinished/)
    .nth(1)
    .waitFor({ state: 'detached' });
});

await step('deleted there, it is no draft any more', async () => {
  await drafted(first, draft).getByRole('checkbox').check();
  const gone = first.waitForResponse(
    (answer) => answer.request().method() === 'DELETE' && /drafts/.test(answer.url()),
  );
  await first.keyboard.press('#');
  await drafted(first, draft).waitFor({ state: 'detached' });
  assert.equal((await gone).status(), 204);
  await folder(first, 'Inbox').click();
  await first.getByRole('heading', { name: 'Inbox' }).waitFor();
});

await step('a text kept as a template is written again in another mail', async () => {
  const body = first.getByRole('textbox', { name: 'Message body' });
  await first.getByRole('button', { name: 'New message' }).click();
  await first.getByPlaceholder('Subject').fill('Opening times');
  await body.pressSequentially('We are open from nine to five.');
  await first.getByRole('button', { name: 'Templates' }).click();
  await first.getByRole('menuitem', { name: 'Save as a template' }).click();
  await first.getByLabel('Name', { exact: true }).fill(`Hours ${stamp}`);
  await first.getByRole('button', { name: 'OK', exact: true }).click();
  await first.getByText('is kept as a template').waitFor();
  await first.getByRole('button', { name: 'Discard' }).click();
  await first.getByRole('button', { name: 'New message' }).click();
  await body.pressSequentially('Dear Luis, ');
  await first.getByRole('button', { name: 'Templates' }).click();
  await first.getByRole('menuitem', { name: `Hours ${stamp}` }).click();
  await body.getByText('Dear Luis, We are open from nine to five.').waitFor();
  assert.equal(await first.getByPlaceholder('Subject').inputValue(), 'Opening times');
  await first.getByRole('button', { name: 'Discard' }).click();
  await first.getByRole('button', { name: 'Settings' }).click();
  await first.getByRole('button', { name: `Rename “Hours ${stamp}”` }).click();
  await first.getByLabel('Name', { exact: true }).fill(`Times ${stamp}`);
  await first.getByRole('button', { name: 'OK', exact: true }).click();
  await first.getByRole('button', { name: `Remove “Times ${stamp}”` }).click();
  await first.getByRole('button', { name: 'Delete', exact: true }).click();
  await first.getByText('None yet. A message being written').waitFor();
  await first.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
});

await step('searching finds it', async () => {
  await first.keyboard.press('/');
  await first.keyboard.type(`subject:${stamp}`);
  await first.keyboard.press('Enter');
  await arrived(first).first().waitFor();
  await accessible(first, 'search-light');
  await first.getByRole('button', { name: 'End the search' }).click();
  await first.getByRole('heading', { name: 'Inbox' }).waitFor();
});

const target = `Journeys ${stamp}`;
await step('a new folder is seen by both', async () => {
  await first
    .getByRole('button', { name: /^Actions for/ })
    .first()
    .click();
  await first.getByRole('menuitem', { name: 'New folder' }).click();
  await first.getByRole('textbox', { name: 'Name' }).fill(target);
  await first.getByRole('button', { name: 'Create' }).click();
  await folder(first, target).waitFor();
  await folder(second, target).waitFor({ timeout: 60_000 });
});

await step('moving it is seen by both', async () => {
  await arrived(first).first().click();
  await first.getByRole('article', { name: subject }).waitFor();
  await first.keyboard.press('v');
  await first.getByRole('combobox', { name: 'Find a folder' }).fill(target);
  await first.getByRole('option', { name: target }).waitFor();
  await first.keyboard.press('Enter');
  await arrived(first).first().waitFor({ state: 'detached' });
  await arrived(second).first().waitFor({ state: 'detached', timeout: 60_000 });
  await folder(second, target).click();
  await arrived(second).first().waitFor();
  await folder(first, target).click();
  await arrived(first).first().waitFor();
});

await step('undo brings it back to the inbox', async () => {
  await first.getByRole('button', { name: 'Undo' }).click();
  await folder(first, 'Inbox').click();
  await arrived(first).first().waitFor();
});

await step('snoozed it is out of sight for both, and waits in Snoozed', async () => {
  await folder(first, 'Inbox').click();
  await arrived(first).first().click();
  await first.getByRole('article', { name: subject }).getByRole('button', { name: 'Snooze' }).click();
  const until = first.getByRole('dialog', { name: 'Snooze until' });
  await until.getByText('Tomorrow morning').waitFor();
  await accessible(first, 'snooze-light');
  await until.getByText('Tomorrow morning').click();
  await first.getByText('Snoozed until').waitFor();
  await folder(second, 'Inbox').click();
  for (const page of [first, second]) await arrived(page).first().waitFor({ state: 'detached' });
  await folder(second, 'Snoozed').click();
  await arrived(second).first().getByText('Comes back').waitFor();
  await accessible(second, 'snoozed-dark');
});

await step('undo has it back, and snoozed again it comes back by itself, unread', async () => {
  await first.getByRole('button', { name: 'Undo' }).click();
  await arrived(second).first().waitFor({ state: 'detached' });
  await folder(second, 'Inbox').click();
  await arrived(second).first().waitFor();
  const id = await first.evaluate(async (wanted) => {
    const get = async (path) => (await (await fetch(`/api/v1${path}`)).json()).items;
    const account = (await get('/accounts'))[0].id;
    const inbox = (await get(`/accounts/${account}/mailboxes`)).find((one) => one.role === 'inbox').id;
    return (await get(`/mailboxes/${inbox}/messages`)).find((one) => one.subject === wanted).id;
  }, subject);
  const status = await first.evaluate(async (one) => {
    const token = document.cookie.match(/XSRF-TOKEN=([^;]*)/)?.[1] ?? '';
    const answer = await fetch('/api/v1/messages/snooze', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-XSRF-TOKEN': decodeURIComponent(token) },
      body: JSON.stringify({ ids: [one], until: new Date(Date.now() + 3_000).toISOString() }),
    });
    return answer.status;
  }, id);
  assert.equal(status, 200);
  await arrived(second).first().waitFor({ state: 'detached' });
  await arrived(second).first().filter({ hasText: 'Unread' }).waitFor({ timeout: 30_000 });
});

await step('a page opened cold shows the message', async () => {
  await arrived(first).first().click();
  await first.getByRole('article', { name: subject }).waitFor();
  await first.reload();
  await first.getByRole('article', { name: subject }).getByText(address).first().waitFor();
  await accessible(first, 'reading-light');
});

await whatIsReadOffline({ step, page: first, elsewhere: second, subject, rows, folder, accessible });

await step('deleting it and its folder leaves no trace', async () => {
  await arrived(first).first().click();
  await first.getByRole('article', { name: subject }).waitFor();
  await first.keyboard.press('#');
  await arrived(first).first().waitFor({ state: 'detached' });
  const item = first.getByRole('listitem').filter({ has: first.getByRole('link', { name: target }) });
  await item.hover();
  await item.getByRole('button', { name: /^Actions for/ }).click();
  await first.getByRole('menuitem', { name: 'Delete folder' }).click();
  await first.getByRole('button', { name: 'Delete for ever' }).click();
  await folder(first, target).waitFor({ state: 'detached' });
  await folder(second, target).waitFor({ state: 'detached', timeout: 60_000 });
});

await step('mail that a POP3 server has comes into the inbox', async () => {
  if (!server.pop3) return;
  await folder(first, 'Inbox').click();
  await first.getByRole('heading', { name: 'Inbox' }).waitFor();
  await whatIsFetched({
    page: first,
    server,
    password: given.password,
    subject: process.env.POP3_SUBJECT,
    accessible,
  });
});

const people = { address, member: process.env.USER2, writer: process.env.USER3 };
if (people.member && people.writer)
  await whatIsShared({ step, open, enter: signIn, owner: first, people, stamp, rows, folder, accessible });

await step('a phone goes from list to message, to another folder, and back', async () => {
  const phone = await open({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await phone.goto(base);
  await signInButton(phone).waitFor();
  await enter(phone);
  await rows(phone).first().waitFor();
  await rows(phone).first().click();
  await phone.getByRole('toolbar').last().getByRole('button', { name: 'Archive' }).waitFor();
  await phone.goBack();
  await phone.getByRole('heading', { name: 'Inbox' }).waitFor();
  await phone.getByRole('button', { name: 'Folders' }).click();
  await folder(phone, 'Sent').click();
  await phone.getByRole('heading', { name: 'Sent' }).waitFor();
  await rows(phone).first().waitFor();
  await phone.goBack();
  await phone.getByRole('heading', { name: 'Inbox' }).waitFor();
});

await step('signing out ends it', async () => {
  assert.ok((await kept(first)) > 10, 'what was read is kept on the device');
  await first.getByRole('button', { name: 'Settings' }).click();
  await first.getByRole('button', { name: 'Sign out' }).click();
  await signInButton(first).waitFor();
  await first.goto(`${base}/mail/1/1`);
  await signInButton(first).waitFor();
  assert.equal(await kept(first), 0, 'nothing of the mail stays on the device');
});

await step('no page reported an error', () => assert.deepEqual(problems, []));
await browser.close();
console.log(`${steps.length} steps passed`);
