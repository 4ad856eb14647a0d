// Every vector as a mail in the real page, with all layers of defence and with layers taken away.
//   npm run vectors -- [--file=more.jsonl] [--sets=1,2] [--only=text in an id] [--tabs=8] [--share=8]
// A share: one in so many is opened, other ones in each set; with all layers four times as many, other ones each day.
// against a running Valija (BASE_URL USER1 PASSWORD1 HOST_NAME SERVER_IMAP_PORT SERVER_SMTP_PORT, as VectorsIT sets them).
import { launch } from '../browser.mjs';
import { signIn } from './account.mjs';
import { ASIDE } from './aside.mjs';
import { startCatcher } from './catcher.mjs';
import { append } from './imap.mjs';
import { takeAway } from './layers.mjs';
import { HARM, SETS } from './sets.mjs';
import { insideEveryDocument, Tab } from './tab.mjs';
import { arm, load } from './vectors.mjs';
import { WAYS } from './ways.mjs';

const option = (name) => process.argv.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3);
const base = process.env.BASE_URL ?? 'http://127.0.0.1:8080';
const host = process.env.HOST_NAME ?? process.env.HOST ?? 'localhost';
const file = option('file') ?? process.env.VECTORS;
const tabs = Number(option('tabs') ?? 8);
const IN_A_MAILBOX = 30;
/** The share of our own vectors that must do something where nothing stops them; some need a touch or luck. */
const LIVE = 0.6;

const catcher = await startCatcher();
const only = option('only');
const share = Number(option('share') ?? process.env.SHARE ?? 1);
const today = Math.floor(Date.now() / 86_400_000);
const vectors = arm(
  (await load(file)).filter(({ id }) => !only || id.includes(only)),
  catcher.port,
);
const byNumber = new Map(vectors.map((one) => [one.n, one]));
const browser = await launch([
  '--disable-gpu',
  `--host-resolver-rules=MAP * 127.0.0.1:${catcher.port}, EXCLUDE 127.0.0.1`,
]);

const ways = { ...WAYS, ...ASIDE };
const stamp = Date.now().toString(36);
const mailboxes = [];
const holdsHtml = ({ html }) => html !== undefined;
const holdsNone = ({ html, address }) => html === undefined && address === undefined;
const isAddress = ({ address }) => address !== undefined;
for (const kind of [holdsHtml, holdsNone])
  for (const some of inParts(vectors.filter(kind)))
    mailboxes.push([`Vectors ${stamp} ${mailboxes.length + 1}`, some]);

const login = { user: process.env.USER1, password: process.env.PASSWORD1 };
const begun = performance.now();
const ports = { imap: process.env.SERVER_IMAP_PORT, smtp: process.env.SERVER_SMTP_PORT };
await append({ host, port: Number(ports.imap), ...login }, mailboxes);
const entry = await browser.newContext({ serviceWorkers: 'block' });
const places = await signIn(entry, { base, host, ports, login, mailboxes });
const state = await entry.storageState();
await entry.close();
console.log(`${vectors.length} vectors as mail in ${seconds(begun)}`);

const wanted = (option('sets') ?? process.env.SETS)?.split(',');
const fired = new Set();
const tried = new Set();
let failures = 0;
for (const [at, set] of SETS.entries()) {
  if (wanted && !wanted.includes(String(at + 1))) continue;
  if (!wanted && !takesPart(set, at)) continue;
  await run(set);
}
if (!wanted || wanted.length > 1) blindness();
await browser.close();
catcher.close();
console.log(failures === 0 ? 'All held.' : `${failures} failures`);
process.exit(failures === 0 ? 0 : 1);

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/** The vectors that a set is about: those of a mail's HTML, or those around it. */
function concerning({ way }) {
  if (way === 'bare') return inParts(vectors.filter((one) => !holdsHtml(one)));
  if (way === 'address') return inParts(vectors.filter(isAddress));
  const wanted = way === 'around' ? holdsNone : holdsHtml;
  return mailboxes.map(([, held]) => held).filter((held) => held.every(wanted));
}

/** Where a share is asked for: all layers and none each day, what is between them every third day. */
function takesPart(set, at) {
  return share === 1 || at === 0 || set.blind || (at + today) % 3 === 0;
}

/** What of it is opened, where a share is asked for. */
function sampled(set, work) {
  if (share === 1) return work;
  const whole = set === SETS[0];
  // The sets that show that vectors run do so on the same ones.
  const from = whole ? today : set.blind ? 0 : SETS.indexOf(set);
  const every = Math.min(whole ? Math.ceil(share / 4) : share, work.length);
  return work.filter((_, at) => at % every === from % every);
}

function inParts(list) {
  return Array.from({ length: Math.ceil(list.length / IN_A_MAILBOX) }, (_, at) =>
    list.slice(at * IN_A_MAILBOX, (at + 1) * IN_A_MAILBOX),
  );
}

function reader() {
  return {
    storageState: state,
    // The rig stands between the page and its files.
    serviceWorkers: 'block',
    viewport: { width: 1280, height: 800 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
  };
}

async function run(set) {
  const started = performance.now();
  const told = new Map();
  const current = {
    base,
    knows: (n) => byNumber.has(n),
    tell(n, what, detail) {
      if (!byNumber.has(n)) n = 0;
      const list = told.get(n) ?? told.set(n, []).get(n);
      if (list.length < 20) list.push([what, detail]);
    },
  };
  const idOf = new Map([...places].map(([n, { id }]) => [id, n]));
  const rawOf = (id) => byNumber.get(idOf.get(id))?.html;
  const counts = Object.fromEntries(set.off.map((layer) => [layer, 0]));
  const faults = [];
  const opened = { n: 0, boxed: 0, policed: 0 };
  const work = sampled(set, concerning(set));
  const due = work.flat().length;
  if (due === 0) return;
  if (set.blind) for (const { n } of work.flat()) tried.add(n);
  // Each tab is a browser of its own: one browser holds six connections to a server, and each page one of them.
  const worker = async () => {
    const context = await browser.newContext(reader());
    await takeAway(context, base, set.off, rawOf, counts);
    await context.addInitScript(insideEveryDocument);
    const page = await context.newPage();
    const tab = new Tab(page, current);
    tab.blind = set.blind;
    await context.exposeBinding('__ran', (_, what, at) => tab.tell('script', String(what), at));
    await context.exposeBinding('__at', (_, n) => {
      tab.current = byNumber.get(n);
    });
    // A window that a mail opened is closed; what it asked for has reached the catcher.
    context.on('page', (other) => {
      if (!tab.opening) setTimeout(() => other.close().catch(() => undefined), 50);
    });
    for (let held = work.shift(); held; held = work.shift()) {
      try {
        await ways[set.way ?? 'frame'](tab, held, places, opened);
      } catch (error) {
        faults.push(`${tab.current?.id}: ${error.message.split('\n')[0]}`);
      }
    }
    await new Promise((done) => setTimeout(done, 300));
    await context.close();
  };
  await Promise.all(Array.from({ length: tabs }, worker));
  for (const what of catcher.take()) {
    const n = Number(/\/v\/(\d+)/.exec(what)?.[1] ?? 0);
    current.tell(n, 'request', what);
  }
  report(set, { told, counts, opened, faults, started, due });
}

/** One line of counts and, where something happened that may not, the vectors. */
function report(set, { told, counts, opened, faults, started, due }) {
  const harm = Object.fromEntries(HARM.map((what) => [what, 0]));
  const failing = [];
  for (const [n, list] of told) {
    const kinds = new Set(list.map(([what]) => what));
    for (const what of kinds) harm[what]++;
    if (set.blind && [...kinds].some((what) => what !== 'error')) fired.add(n);
    const bad = list.filter(([what]) => !set.may?.includes(what));
    if (!set.blind && bad.length > 0) failing.push([byNumber.get(n)?.id ?? '(unknown)', bad[0]]);
  }
  console.log(
    `${set.name}: ${opened.n} opened, ${HARM.map((what) => `${harm[what]} ${what}`).join(', ')}; ` +
      `taken away ${JSON.stringify(counts)}; ${seconds(started)}`,
  );
  for (const layer of set.off)
    if (!(counts[layer] > 0)) faults.push(`the layer "${layer}" was not taken away`);
  if (['frame', 'list'].includes(set.way ?? 'frame')) {
    if (!set.blind && opened.boxed !== (set.off.includes('sandbox') ? 0 : opened.n))
      faults.push(`${opened.boxed} of ${opened.n} frames had a sandbox`);
    if (!set.blind && opened.policed !== (set.off.includes('csp') ? 0 : opened.n))
      faults.push(`${opened.policed} of ${opened.n} frames had a policy`);
  }
  if (!set.blind && opened.n !== due) faults.push(`${opened.n} of ${due} were opened`);
  for (const [id, [what, detail]] of failing.slice(0, 40))
    console.log(`  FAIL ${id}: ${what} ${detail.slice(0, 160)}`);
  if (failing.length > 40) console.log(`  … and ${failing.length - 40} more`);
  if (!set.blind || faults.length > 20)
    for (const fault of faults.slice(0, 10)) console.log(`  FAULT ${fault}`);
  failures += failing.length + (set.blind ? 0 : faults.length);
}

/** Whether the vectors do anything at all: those that never do prove nothing. Of others' files it is only told. */
function blindness() {
  const due = vectors.filter(({ n }) => tried.has(n));
  const dead = due.filter(({ n }) => !fired.has(n));
  const alive = 1 - dead.length / due.length;
  console.log(
    `Blindness: ${due.length - dead.length} of ${due.length} fire with all layers off (${(alive * 100).toFixed(1)} %)`,
  );
  for (const { id } of dead) console.log(`  dead ${id}`);
  const html = due.filter((one) => holdsHtml(one) && fired.has(one.n)).length;
  if (!file && !only && (alive < LIVE || (share === 1 && html < 500))) {
    console.log(`  FAIL blind: ${html} vectors in HTML fire, of all ${(alive * 100).toFixed(1)} %`);
    failures++;
  }
}
