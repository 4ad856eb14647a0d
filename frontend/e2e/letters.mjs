// How mails look before and after cleaning, side by side: npm run letters [name]. Pictures go to e2e/out. The cleaned
// ones come from ./mvnw test -Dtest=NewsletterTests, which leaves them in target/html.
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { createServer } from 'vite';
import { launch, settled } from './browser.mjs';

const before = new URL('../../src/test/resources/html/', import.meta.url);
const after = new URL('../../target/html/', import.meta.url);
const out = new URL('out/', import.meta.url).pathname;
const RAW = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";
await mkdir(out, { recursive: true });
const server = await createServer({
  mode: 'mock',
  server: { port: 0, host: '127.0.0.1' },
  logLevel: 'error',
});
await server.listen();
const base = `http://127.0.0.1:${server.httpServer.address().port}`;
const browser = await launch();
const problems = [];
const views = [
  { name: 'before', width: 700 },
  { name: 'after', width: 700 },
  { name: 'phone before', width: 390 },
  { name: 'phone', width: 390 },
  { name: 'dark', width: 700, dark: true },
];
try {
  const page = await browser.newPage({ viewport: { width: 2960, height: 560 } });
  page.on('pageerror', (error) => problems.push(`page error: ${error.message}`));
  page.on('request', (request) => {
    const own = request.url().startsWith(base) || /^(data|blob|about):/.test(request.url());
    if (!own && request.frame().name() !== 'raw') problems.push(`asked for ${request.url()}`);
  });
  for (const file of (await readdir(before)).filter((name) => name.includes(process.argv[2] ?? ''))) {
    const raw = await readFile(new URL(file, before), 'utf8');
    const clean = await readFile(new URL(file, after), 'utf8');
    await page.goto(`${base}/icon.svg`);
    const found = await page.evaluate(
      async ([shown, source, cleaned, policy, module]) => {
        const { frameDocument, finishFrame } = await import(module);
        const html = document.implementation.createHTMLDocument();
        document.replaceChild(document.adoptNode(html.documentElement), document.documentElement);
        document.body.style.cssText =
          'display:flex;gap:16px;margin:12px;background:#889;align-items:flex-start';
        const texts = [];
        for (const { name, width, dark } of shown) {
          const box = document.createElement('div');
          box.style.cssText = `width:${width}px;flex:none;font:12px monospace`;
          box.textContent = name;
          const frame = document.createElement('iframe');
          frame.sandbox.add('allow-same-origin');
          frame.style.cssText = 'border:0;width:100%;height:400px;background:#fff;display:block';
          const isRaw = name.includes('before');
          frame.name = isRaw ? 'raw' : 'clean';
          const framed = isRaw
            ? null
            : frameDocument(`<!doctype html><html><head></head><body>${cleaned}</body>`, !!dark);
          frame.srcdoc = framed
            ? framed.document
            : source.replace(
                /^(\s*<!doctype[^>]*>)?/i,
                (type) => `${type}<meta http-equiv="Content-Security-Policy" content="${policy}">`,
              );
          box.append(frame);
          document.body.append(box);
          await new Promise((resolve) => {
            frame.onload = resolve;
          });
          if (framed) finishFrame(frame, framed.sheet);
          else frame.style.height = `${frame.contentDocument.documentElement.scrollHeight}px`;
          texts.push(frame.contentDocument.body.textContent);
        }
        return texts;
      },
      [views, raw, clean, RAW, '/src/features/messages/frame.ts'],
    );
    await settled(page);
    await page.screenshot({ path: `${out}letter-${file.replace('.html', '')}.png`, fullPage: true });
    if (found.some((text) => !text.trim())) problems.push(`${file}: nothing is shown`);
  }
} finally {
  await browser.close();
  await server.close();
}
for (const problem of problems) console.error(problem);
process.exit(problems.length > 0 ? 1 : 0);
