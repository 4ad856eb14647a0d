// Draws the icons of an installed webmail from its mark: node scripts/icons.mjs
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { launch } from '../e2e/browser.mjs';

const publicly = new URL('../public/', import.meta.url);
const mark = await readFile(new URL('favicon.svg', publicly), 'utf8');
/** Phones cut a shape of their own out of it: the ground goes to the edges, the mark stays within the safe circle. */
const maskable = mark
  .replace('viewBox="0 0 32 32"', 'viewBox="-4 -4 40 40"')
  .replace('>', '><path fill="#0b6569" d="M-4-4h40v40h-40Z"/>');
const icons = { 192: [mark, 192], 512: [mark, 512], maskable: [maskable, 512] };

await mkdir(new URL('icons/', publicly), { recursive: true });
const browser = await launch();
for (const [name, [svg, size]] of Object.entries(icons)) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.goto(
    `data:image/svg+xml,${encodeURIComponent(svg.replace('<svg', `<svg width="${size}" height="${size}"`))}`,
  );
  await writeFile(new URL(`icons/${name}.png`, publicly), await page.screenshot({ omitBackground: true }));
}
await browser.close();
