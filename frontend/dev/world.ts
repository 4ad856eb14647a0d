// A made-up mail account for `npm run dev:mock` and the screens of `npm run e2e:mock`. Never part of the product.
const MINUTE = 60_000;
const INBOX_SIZE = 100_000;

export interface Mail {
  id: string;
  mailboxId: string;
  from: { name: string | null; email: string };
  subject: string;
  preview: string;
  receivedAt: number;
  keywords: Set<string>;
  kind: 'plain' | 'html' | 'attached';
  size: number;
}

interface Box {
  id: string;
  name: string;
  parentId: string | null;
  role: string | null;
}

export const people: [string | null, string][] = [
  ['Luis García', 'luis@example.org'],
  ['Marta Oliveira', 'marta.oliveira@example.com'],
  ['Jonas Weber', 'jonas@weber.example'],
  ['Harbour Books', 'news@harbourbooks.example'],
  ['Priya Raman', 'priya@example.net'],
  ['City Library', 'no-reply@library.example'],
  ['Tomás Ferreira', 'tomas@example.org'],
  ['أمينة الحسن', 'amina@example.org'],
  ['Northwind Rail', 'tickets@northwind.example'],
  [null, 'backup@server.example.net'],
  ['Chloé Martin', 'chloe@example.fr'],
  ['🚀 Launch Weekly', 'hello@launch.example'],
  ['山田 花子', 'hanako@example.jp'],
];
const letters: [string, string][] = [
  [
    'Re: plan for Thursday',
    'That works for me. Shall we meet at ten, in the small room on the second floor?',
  ],
  ['Invoice 2026-1183', 'Please find the invoice for November attached. It is due within 30 days.'],
  [
    'Photos from the weekend',
    'Finally sorted them! The one at the lighthouse is my favourite, see what you think.',
  ],
  ['Autumn reading list', 'Twelve books our booksellers could not stop talking about this season.'],
  [
    'Draft of the survey',
    'I moved the second question up and dropped the one about commuting. Comments welcome.',
  ],
  ['Two books are due on Friday', 'You can renew them online until midnight. Nobody is waiting for them.'],
  [
    'Kitchen: final measurements',
    'The worktop is 4 mm shorter than planned, which turns out to be good news.',
  ],
  ['موعد الاجتماع', 'هل يناسبك يوم الأربعاء في العاشرة صباحا؟'],
  ['Your ticket to Porto', 'Coach 4, seat 61. The platform is shown 20 minutes before departure.'],
  ['Nightly backup: ok', '412 files, 1.8 GB, no errors. Next run at 02:30.'],
  ['Dinner on Saturday?', 'Nothing fancy, but there will be that lemon cake again.'],
  [
    'Issue 112: small is beautiful',
    'Three teams that stayed small on purpose, and what they gave up for it.',
  ],
  ['来週の打ち合わせ', '来週の火曜日の午後はいかがでしょうか。'],
  [
    'Re: Re: contract, second reading',
    'Clause 7 is fine now. I would still like to see the annex before we sign.',
  ],
  ['', 'No subject, just a quick thought about the garden.'],
];

export function makeWorld() {
  const boxes: Box[] = [
    { id: '1-1', name: 'INBOX', parentId: null, role: 'inbox' },
    { id: '1-2', name: 'Drafts', parentId: null, role: 'drafts' },
    { id: '1-3', name: 'Sent', parentId: null, role: 'sent' },
    { id: '1-4', name: 'Archive', parentId: null, role: 'archive' },
    { id: '1-5', name: 'Junk', parentId: null, role: 'junk' },
    { id: '1-6', name: 'Trash', parentId: null, role: 'trash' },
    { id: '1-11', name: 'Snoozed', parentId: null, role: 'snoozed' },
    { id: '1-7', name: 'Projects', parentId: null, role: null },
    { id: '1-8', name: 'Kitchen', parentId: '1-7', role: null },
    { id: '1-9', name: 'Survey 2026', parentId: '1-7', role: null },
    { id: '1-10', name: 'Receipts', parentId: null, role: null },
    { id: '2-1', name: 'INBOX', parentId: null, role: 'inbox' },
    { id: '2-4', name: 'Archive', parentId: null, role: 'archive' },
    // Below a folder that is not shared.
    { id: '2-8', name: 'Complaints', parentId: '2-7', role: null },
  ];
  const mails = new Map<string, Mail[]>(boxes.map((box) => [box.id, []]));
  const now = Date.now();
  let next = 1;
  const add = (mailboxId: string, n: number, age: number): Mail => {
    const [name, email] = people[n % people.length] ?? [null, 'x@example.org'];
    const [subject, preview] = letters[(n * 7) % letters.length] ?? ['', ''];
    const keywords = new Set<string>();
    if (n > 5 && n % 9 !== 0) keywords.add('$seen');
    if (n % 17 === 3) keywords.add('$flagged');
    if (n % 11 === 4) keywords.add('$answered');
    const kind = n % 5 === 1 ? 'attached' : n % 4 === 3 ? 'html' : 'plain';
    return {
      id: `1-${next++}m`,
      mailboxId,
      from: { name, email },
      subject: n === 14 ? `${'A very long subject that goes on and on, '.repeat(8)}and ends` : subject,
      preview,
      receivedAt: now - age,
      keywords,
      kind,
      size: 2_000 + ((n * 7919) % 90_000),
    };
  };
  const fill = (id: string, size: number, step: number) =>
    mails.set(
      id,
      Array.from({ length: size }, (_, n) => add(id, n, (n * step + (n % 7) * 3) * MINUTE + 4 * MINUTE)),
    );
  fill('1-1', INBOX_SIZE, 47);
  fill('1-3', 420, 600);
  fill('1-4', 5_300, 210);
  fill('1-5', 12, 900);
  fill('1-6', 31, 500);
  fill('1-8', 64, 2_000);
  fill('1-9', 18, 1_400);
  fill('1-10', 203, 3_000);
  fill('1-11', 3, 900);
  fill('2-1', 24, 130);
  fill('2-4', 40, 4_000);
  fill('2-8', 5, 2_600);
  for (const mail of mails.get('1-11') ?? []) mail.keywords.add('$snoozed');
  return { boxes, mails, make: (mailboxId: string, n: number) => add(mailboxId, n, 0) };
}

export const plainBody = `Hi Anna,

that works for me. Shall we meet at ten, in the small room on the second floor? I will bring the printed
plans, and Marta said she can join for the first half hour. The drawings are at https://plans.example.org/kitchen.

> On Thursday we could look at the final measurements together.
> The worktop arrives in two weeks, so there is not much time left.
>
>> Is Thursday still good?

Could you send the list to jonas@weber.example too?

See you then
-- 
Luis García
Example Studio, Porto`;

export const htmlBody = `<div style="background:#f4efe6;padding:24px 0"><table width="600" align="center" cellpadding="0"
 cellspacing="0" style="background:#ffffff;border-radius:8px;font-family:Georgia,serif;color:#2b2b2b"><tr><td
 style="padding:32px"><p style="letter-spacing:2px;font-size:12px;color:#8a6d3b;margin:0">HARBOUR BOOKS</p>
 <h1 style="font-size:30px;line-height:36px;margin:12px 0">Twelve books for long evenings</h1>
 <p style="font-size:16px;line-height:26px">Our booksellers read all summer so that you can read all winter. Here
 are the ones we could not stop talking about.</p><p><a href="https://harbourbooks.example/list"
 style="background:#8a6d3b;color:#fff;padding:12px 20px;border-radius:4px;text-decoration:none">See the list</a></p>
 <h2 style="font-size:20px">The lighthouse keeper's daughter</h2><p style="font-size:16px;line-height:26px">A quiet
 novel about an island, a radio and forty years of weather.</p><p style="font-size:13px;color:#777">You receive
 this because you asked for it. <a href="https://harbourbooks.example/u">Unsubscribe</a></p></td></tr></table></div>
 <script>document.title='owned'</script>`;
