/** A vector as a message (RFC 5322, 2045). What it says of names and subjects is encoded, so that all of it arrives. */
export function mailOf(vector) {
  const parts = [];
  if (vector.text !== undefined) parts.push(part('text/plain; charset=utf-8', Buffer.from(vector.text)));
  if (vector.bytes !== undefined)
    parts.push(part(`text/html; charset=${vector.charset}`, Buffer.from(vector.bytes, 'latin1')));
  else if (vector.html !== undefined)
    parts.push(part('text/html; charset=utf-8', Buffer.from(vector.html.toWellFormed())));
  for (const file of vector.attachments ?? []) parts.push(attachment(file));
  const heads = [
    `From: ${words(vector.from ?? 'Mallory')} <mallory@example.org>`,
    'To: anna@example.org',
    `Subject: ${words(vector.subject ?? vector.id)}`,
    `Message-ID: <${vector.n}.vector@example.org>`,
    ...Object.entries(vector.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    'MIME-Version: 1.0',
  ];
  const body =
    parts.length === 1
      ? parts[0]
      : [
          'Content-Type: multipart/mixed; boundary="=_rig"',
          '',
          ...parts.flatMap((one) => ['--=_rig', one]),
          '--=_rig--',
          '',
        ].join('\r\n');
  return Buffer.from(`${heads.join('\r\n')}\r\n${body}`, 'latin1');
}

function part(type, content, ...fields) {
  const encoded = content.toString('base64').replace(/.{76}/g, '$&\r\n');
  return [`Content-Type: ${type}`, 'Content-Transfer-Encoding: base64', ...fields, '', encoded, ''].join(
    '\r\n',
  );
}

function attachment({ filename, type, content, encoding, disposition = 'attachment', contentId }) {
  const name = [...Buffer.from(filename)].map((octet) => `%${octet.toString(16).padStart(2, '0')}`).join('');
  return part(
    type,
    Buffer.from(content, encoding),
    `Content-Disposition: ${disposition}; filename*=utf-8''${name}`,
    ...(contentId ? [`Content-ID: <${contentId}>`] : []),
  );
}

/** RFC 2047: words of at most 75 characters. */
function words(text) {
  const pieces = [];
  let piece = '';
  for (const char of text) {
    if (Buffer.byteLength(piece + char) > 42) {
      pieces.push(piece);
      piece = '';
    }
    piece += char;
  }
  return [...pieces, piece].map((one) => `=?utf-8?B?${Buffer.from(one).toString('base64')}?=`).join('\r\n ');
}
