// What attacks a reader from outside a mail's HTML: names, subjects, plain text, files, invitations, header fields and
// addresses. The same placeholders as in html.mjs.

const all = [];
const add = (kind, name, fields) => all.push({ kind, id: `${kind}/${name}`, ...fields });

/** Text that would run wherever somebody took it for markup. */
const TEXTS = {
  image: '<img src=x: onerror={{js}}>',
  script: '<script>{{js}}</script>',
  quoted: '"><img src=x: onerror={{js}}>',
  apostrophe: "'><svg onload={{js}}>",
  title: '</title><img src=x: onerror={{js}}>',
  textarea: '</textarea><img src=x: onerror={{js}}>',
  comment: '--><img src=x: onerror={{js}}>',
  svg: '<svg><script>{{js}}</script></svg>',
  frame: '<iframe srcdoc="<script>{{js}}</script>"></iframe>',
  template: '{@html "<img src=x: onerror={{js}}>"}<img src=x: onerror={{js}}>',
  request: '<img src={{url}}/name>',
  style: '<style>@import "{{url}}/style";</style>',
  newline: 'Hello\r\nX-Injected: 1\r\n\r\n<img src=x: onerror={{js}}>',
  bidi: '\u202e<img src=x: onerror={{js}}>\u202c\u0000',
};

for (const [name, text] of Object.entries(TEXTS)) {
  add('subject', name, { subject: text, text: 'Hello' });
  add('sender', name, { from: text, text: 'Hello' });
  add('file name', name, {
    text: 'Hello',
    attachments: [{ filename: `${text}.txt`, type: 'text/plain', content: 'x', blindType: 'text/html' }],
  });
  add('text', name, { text: `Hello\n${text}\n> ${text}\n-- \n${text}` });
}

const NAME = `"=?utf-8?Q?=3Cimg_src=3Dx:_onerror=3D{{js}}=3E?=" <x@example.org>`;
for (const field of ['Reply-To', 'Cc', 'Sender', 'Bcc'])
  add('people', field, { text: 'Hello', headers: { [field]: NAME }, blind: TEXTS.image });
add('people', 'local part', {
  text: 'Hello',
  headers: { 'Reply-To': '"<img/src=x:/onerror={{js}}>"@example.org' },
  blind: TEXTS.image,
});

// Header fields that somebody may make a link of.
const HREF = '<a href="javascript:{{js}}">x</a>';
for (const [name, value] of Object.entries({
  'List-Unsubscribe': '<javascript:{{js}}>',
  'List-Unsubscribe data': '<data:text/html,%3Cscript%3E{{js}}%3C/script%3E>',
  'List-Help': '<JaVaScRiPt:{{js}}>',
  'List-Archive': '<java\tscript:{{js}}>',
  'X-Face': '<img/src=x:/onerror={{js}}>',
  'List-Id': '"<img/src=x:/onerror={{js}}>" <javascript:{{js}}>',
}))
  add('field', name, { text: 'Hello', headers: { [name.split(' ')[0]]: value }, blind: HREF });
add('field', 'one click', {
  text: 'Hello',
  headers: {
    'List-Unsubscribe': '<{{url}}/unsubscribe>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    'DKIM-Signature': 'v=1; d=example.org; h=List-Unsubscribe:List-Unsubscribe-Post; b=x',
  },
  blind: '<img src={{url}}/x>',
});

// Plain text: what is a link and what only looks like one.
for (const [name, text] of Object.entries({
  javascript: 'javascript:{{js}}',
  angle: '<javascript:{{js}}>',
  disguised: 'java\tscript:{{js}} JAVASCRIPT:{{js}}//https://example.org',
  data: 'data:text/html,<script>{{js}}</script>',
  inHost: 'https://javascript:{{js}}@example.org/',
  attribute: 'https://example.org/"onmouseover="{{js}}" x="',
  apostrophe: "https://example.org/'onmouseover='{{js}}' x='",
  backtick: 'https://example.org/`onmouseover=`{{js}}`',
  tag: 'https://example.org/<img/src=x:/onerror={{js}}>',
  entity: 'https://example.org/&quot;onmouseover=&quot;{{js}}',
  space: 'https://example.org/\u00a0onmouseover={{js}}',
  mail: 'x@example.org"onmouseover="{{js}}',
  mailto: 'mailto:x@example.org?body=%3Cscript%3E{{js}}%3C/script%3E',
  www: 'www.example.org"onmouseover="{{js}}',
  separator: 'https://example.org/\u2028<img/src=x:/onerror={{js}}>',
  vertical: 'https://example.org/\u000bonmouseover={{js}}',
  relative: '//example.org/"><script>{{js}}</script>',
  markdown: '[x](javascript:{{js}}) ![x]({{url}}/image)',
}))
  add('link', name, { text, blind: `${HREF}<a onmouseover={{js}}>y</a>` });

// Parts that a browser would run if it were shown them as what they claim to be, or as what they are.
const HTML = '<!doctype html><html><body><script>{{js}}</script><img src={{url}}/part></body></html>';
const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" onload="{{js}}"><image href="{{url}}/part"/><script>{{js}}</script></svg>';
const XHTML = `<html xmlns="http://www.w3.org/1999/xhtml"><head><script>{{js}}</script></head></html>`;
const XML = `<?xml version="1.0"?><x:script xmlns:x="http://www.w3.org/1999/xhtml">{{js}}</x:script>`;
const XSL = `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="{{url}}/sheet.xsl"?><x/>`;
const PDF =
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/URI/URI({{url}}/pdf)>>/AA<</O<</S/JavaScript/JS(app.alert\\({{n}}\\))>>>>>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF';
const part = (name, type, content, filename, more) =>
  add('part', name, { text: 'See the file.', attachments: [{ type, content, filename, ...more }] });
part('html', 'text/html', HTML, 'page.html');
part('html upper', 'TEXT/HTML', HTML, 'page.HTML');
part('html utf-7', 'text/html; charset=utf-7', HTML, 'page.html');
part('html as text', 'text/plain', HTML, 'page.txt', { blindType: 'text/html' });
part('html as image', 'image/png', HTML, 'picture.png', { blindType: 'text/html' });
part('html as unknown', 'application/octet-stream', HTML, 'page.html', { blindType: 'text/html' });
part('html without type', 'x/y', HTML, 'page.html', { blindType: 'text/html' });
part('html as json', 'application/json', HTML, 'page.json', { blindType: 'text/html' });
part('html as css', 'text/css', HTML, 'page.css', { blindType: 'text/html' });
part('html as calendar', 'text/calendar', HTML, 'invite.ics', { blindType: 'text/html' });
part('html as pdf', 'application/pdf', HTML, 'page.pdf', { blindType: 'text/html' });
part('html as audio', 'audio/mpeg', HTML, 'song.mp3', { blindType: 'text/html' });
part('html as video', 'video/mp4', HTML, 'film.mp4', { blindType: 'text/html' });
part('xhtml', 'application/xhtml+xml', XHTML, 'page.xhtml');
part('xml', 'text/xml', XML, 'page.xml');
part('application xml', 'application/xml', XML, 'page.xml');
part('rss', 'application/rss+xml', XML, 'feed.rss', { blindType: 'text/xml' });
part('mathml', 'application/mathml+xml', XML, 'x.mml', { blindType: 'text/xml' });
part('xslt', 'application/xslt+xml', XML, 'x.xsl', { blindType: 'text/xml' });
part('xsl sheet', 'text/xml', XSL, 'page.xml');
part('rdf', 'application/rdf+xml', XML, 'x.rdf', { blindType: 'text/xml' });
part('svg', 'image/svg+xml', SVG, 'picture.svg');
part('svg upper', 'Image/SVG+XML', SVG, 'picture.svg');
part('svg as png', 'image/png', SVG, 'picture.png', { blindType: 'image/svg+xml' });
part('svg as gif', 'image/gif', SVG, 'picture.gif', { blindType: 'image/svg+xml' });
part('svg inline', 'image/svg+xml', SVG, 'logo.svg', { disposition: 'inline', contentId: 'logo' });
part('gif and html', 'image/gif', `GIF89a=1;/*${HTML}*/`, 'picture.gif', { blindType: 'text/html' });
part('gif and html claimed', 'text/html', `GIF89a/*${HTML}*/`, 'picture.gif');
part('bmp and html', 'image/bmp', `BM${HTML}`, 'picture.bmp', { blindType: 'text/html' });
part('pdf and html', 'text/html', `%PDF-1.4 ${HTML}`, 'paper.pdf');
part('pdf', 'application/pdf', PDF, 'paper.pdf', { blindType: 'text/html', blind: TEXTS.image });
part('script', 'text/javascript', '{{js}}', 'x.js', { blindType: 'text/html', blind: TEXTS.image });
part('mht', 'application/x-mimearchive', HTML, 'page.mht', { blindType: 'text/html' });
part('replace', 'multipart/x-mixed-replace', HTML, 'page', { blindType: 'text/html' });
part('message', 'message/rfc822', `Subject: x\r\nContent-Type: text/html\r\n\r\n${HTML}`, 'mail.eml', {
  blindType: 'text/html',
});
part('type with line', 'text/html;\r\n x="\\\r\n"', HTML, 'page.html', { blindType: 'text/html' });
part('double extension', 'text/plain', HTML, 'picture.png.html', { blindType: 'text/html' });
part('reversed name', 'text/html', HTML, 'picture\u202egnp.html');
part('path', 'text/html', HTML, '../../../static/index.html');
part('header in name', 'text/plain', HTML, 'a"; x=\r\nContent-Type: text/html\r\n\r\n.html', {
  blindType: 'text/html',
});
part('dots', 'text/html', HTML, 'page.html. . .');

// Invitations: every field is a stranger's.
const calendar = (fields) =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//x//y//EN',
    'METHOD:REQUEST',
    'BEGIN:VEVENT',
    'UID:{{n}}@example.org',
    'DTSTAMP:20260101T000000Z',
    'DTSTART:20300101T100000Z',
    'DTEND:20300101T110000Z',
    ...fields,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
for (const [name, fields] of Object.entries({
  summary: [`SUMMARY:${TEXTS.image}`],
  location: [`SUMMARY:x`, `LOCATION:${TEXTS.quoted}`],
  description: [`SUMMARY:x`, `DESCRIPTION:${TEXTS.script}`],
  altDescription: [`SUMMARY:x`, `X-ALT-DESC;FMTTYPE=text/html:${TEXTS.image}`],
  url: [`SUMMARY:x`, `URL:javascript:{{js}}`],
  organizer: [`SUMMARY:x`, `ORGANIZER;CN="${TEXTS.image}":javascript:{{js}}`],
  attendee: [`SUMMARY:x`, `ATTENDEE;CN="${TEXTS.request}":mailto:anna@example.org`],
  attach: [`SUMMARY:x`, `ATTACH:{{url}}/attach`, `IMAGE;VALUE=URI:{{url}}/image`],
  conference: [`SUMMARY:x`, `CONFERENCE;VALUE=URI:javascript:{{js}}`],
  zone: [`SUMMARY:x`, `DTSTART;TZID="${TEXTS.image}":20300101T100000`],
}))
  add('invitation', name, {
    text: 'Come!',
    attachments: [
      {
        type: 'text/calendar; method=REQUEST; charset=utf-8',
        content: calendar(fields),
        filename: 'invite.ics',
      },
    ],
    blind: fields.some((one) => /javascript:/.test(one)) ? HREF : TEXTS.image,
  });

// Addresses of ours with something in them, opened as a page.
for (const [at, address] of [
  '/mail/%3Cimg%20src=x:%20onerror={{js}}%3E/1',
  '/mail/%E0%A4%A/1',
  '/search?q=%3Cimg%20src=x:%20onerror={{js}}%3E',
  '/search/%3Csvg%20onload={{js}}%3E?q=x',
  '/%3Cscript%3E{{js}}%3C/script%3E',
  '/error?message=%3Cscript%3E{{js}}%3C/script%3E',
  '/problems/%3Cscript%3E{{js}}%3C/script%3E',
  '/assets/%3Cscript%3E{{js}}%3C/script%3E.js',
  '/api/v1/%3Cscript%3E{{js}}%3C/script%3E',
  '/api/v1/messages/%3Cscript%3E{{js}}%3C/script%3E',
  '/api/v1/messages/%3Cscript%3E{{js}}%3C/script%3E/html',
  '/api/v1/messages/x/parts/%3Cscript%3E{{js}}%3C/script%3E',
  '/api/v1/search?q=%22%3Cscript%3E{{js}}%3C/script%3E',
  '/api/v1/mailboxes/%3Cscript%3E/messages?sort=%3Cscript%3E{{js}}%3C/script%3E',
  '/%2e%2e/%3Cscript%3E{{js}}%3C/script%3E',
  '//example.org/%2f..',
  '/;%3Cscript%3E{{js}}%3C/script%3E',
].entries())
  add('address', `${at + 1}`, { address, blind: TEXTS.image });

/** Vectors outside of a mail's HTML. `blind`: the markup by which we see that the payload is a live one. */
export function aroundVectors() {
  return all.map((one) => {
    const [file] = one.attachments ?? [];
    const { blindType, blind, ...rest } = file ?? {};
    return {
      ...one,
      ...(file ? { attachments: [rest] } : {}),
      blindType: blindType ?? file?.type.replace(/;.*/s, '') ?? 'text/html',
      blind:
        blind ?? one.blind ?? (one.kind === 'part' ? file.content : (Object.values(TEXTS)[index(one)] ?? '')),
    };
  });
}

const index = ({ id }) => Object.keys(TEXTS).indexOf(id.split('/')[1]);
