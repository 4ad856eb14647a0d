import { deflateSync } from 'node:zlib';

/** What comes with the made-up mail: one of each kind that is shown, and one that only pretends. */
export const files = [
  file('2', 'invoice-2026-1183.pdf', 'application/pdf', 'pdf', pdf(3)),
  file('3', 'lighthouse.png', 'image/png', 'image', png(900, 600, 195)),
  file('4', 'harbour at dawn.png', 'image/png', 'image', png(500, 800, 40)),
  file(
    '5',
    'Minutes of the extraordinary general assembly of the harbour association, November 2026, second draft.txt',
    'text/plain;charset=utf-8',
    'text',
    Buffer.from('Minutes\n\nPresent: Anna, Luís, Zoë.\n'.repeat(60)),
  ),
  file('6', 'voice-message.wav', 'audio/wav', 'audio', wav()),
  {
    ...file('7', 'statement.pdf.exe', 'application/x-msdownload', null, Buffer.from('MZ')),
    warnings: ['program', 'double-extension'],
  },
  {
    ...file('8', 'photo.jpg', 'application/x-msdownload', null, Buffer.from('MZ')),
    warnings: ['program', 'other-type'],
  },
];

function file(partId: string, name: string, type: string, preview: string | null, content: Buffer) {
  return { partId, name, type, preview, content, warnings: [] as string[] };
}

export const attachment = ({ partId, name, type, content }: (typeof files)[number]) => ({
  partId,
  name,
  type: type.split(';')[0],
  size: content.length,
  disposition: 'attachment',
  contentId: null,
  shownInPage: false,
});

export const details = ({ partId, name, type, preview, warnings }: (typeof files)[number]) => ({
  partId,
  name,
  extension: name.split('.').pop() ?? '',
  type: type.split(';')[0],
  preview,
  warnings,
});

function pdf(pages: number): Buffer {
  const objects: string[] = [];
  const kids = Array.from({ length: pages }, (_, n) => `${4 + n * 2} 0 R`).join(' ');
  objects.push('<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>');
  objects.push(`<</Type/Pages/Count ${pages}/Kids[${kids}]>>`);
  objects.push('<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>');
  for (let n = 1; n <= pages; n++) {
    const drawn = `BT /F1 28 Tf 72 720 Td (Invoice 2026-1183, page ${n}) Tj ET\n0 0.5 0.5 rg 72 500 300 120 re f`;
    objects.push(
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents ${3 + n * 2} 0 R/Resources<</Font<</F1 3 0 R>>>>>>`,
      `<</Length ${drawn.length}>>stream\n${drawn}\nendstream`,
    );
  }
  let written = '%PDF-1.4\n';
  const places = objects.map((object, n) => {
    const place = written.length;
    written += `${n + 1} 0 obj${object}endobj\n`;
    return `${String(place).padStart(10, '0')} 00000 n \n`;
  });
  const end = written.length;
  written += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join('')}`;
  return Buffer.from(
    `${written}trailer<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${end}\n%%EOF\n`,
  );
}

function png(width: number, height: number, hue: number): Buffer {
  const rows = Buffer.alloc(height * (width * 3 + 1));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * (width * 3 + 1) + 1 + x * 3;
      rows[at] = (hue + x / 6) & 255;
      rows[at + 1] = (90 + y / 5) & 255;
      rows[at + 2] = (140 + (x + y) / 12) & 255;
    }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc(body), body.length + 4);
  return whole;
}

function crc(octets: Buffer): number {
  let sum = 0xffffffff;
  for (const octet of octets) {
    sum ^= octet;
    for (let n = 0; n < 8; n++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

function wav(): Buffer {
  const rate = 8_000;
  const whole = Buffer.alloc(44 + rate);
  whole.write('RIFF', 0, 'latin1');
  whole.writeUInt32LE(36 + rate, 4);
  whole.write('WAVEfmt ', 8, 'latin1');
  whole.writeUInt32LE(16, 16);
  whole.writeUInt16LE(1, 20);
  whole.writeUInt16LE(1, 22);
  whole.writeUInt32LE(rate, 24);
  whole.writeUInt32LE(rate, 28);
  whole.writeUInt16LE(1, 32);
  whole.writeUInt16LE(8, 34);
  whole.write('data', 36, 'latin1');
  whole.writeUInt32LE(rate, 40);
  for (let n = 0; n < rate; n++) whole[44 + n] = 128 + 60 * Math.sin((n * 440 * 2 * Math.PI) / rate);
  return whole;
}
