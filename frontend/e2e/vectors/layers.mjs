import { build } from 'vite';

/**
 * The layers between a mail and its reader, and how each is taken away: always on the way to the browser, never by a
 * switch of the product. What was taken away is counted, so that a run that took nothing away can be told.
 */
const CSP = 'content-security-policy';
const files = { js: 'text/javascript', css: 'text/css', html: 'text/html' };

/** The webmail built with a second pass that lets everything through. */
async function withoutSecondPass() {
  let replaced = 0;
  const built = await build({
    root: new URL('../..', import.meta.url).pathname,
    logLevel: 'error',
    build: { write: false },
    plugins: [
      {
        name: 'without-second-pass',
        enforce: 'pre',
        load(id) {
          if (!id.endsWith('/src/lib/sanitize.ts')) return null;
          replaced++;
          // Under Trusted Types it borrows the policy's name from the library that it stands in for.
          return `
            const policy = globalThis.trustedTypes?.createPolicy('dompurify', { createHTML: (html) => html });
            export function cleanMail(html) {
              const template = document.createElement('template');
              template.innerHTML = policy ? policy.createHTML(html) : html;
              return { fragment: template.content, css: '' };
            }
            export const PICTURE_OF_DRAFT = /^/;
            export function cleanQuote(html) {
              const box = document.implementation.createHTMLDocument('').body;
              box.append(cleanMail(html).fragment);
              return box;
            }`;
        },
      },
    ],
  });
  if (replaced !== 1) throw new Error(`the second pass was replaced ${replaced} times`);
  return new Map(built.output.map((one) => [`/${one.fileName}`, one.code ?? Buffer.from(one.source)]));
}

let variant;

/** Takes these layers away from a context's pages, counting. `rawOf` gives the HTML of the message with that id. */
export async function takeAway(context, base, off, rawOf, counts) {
  if (off.length === 0) return;
  if (off.includes('browser')) variant ??= await withoutSecondPass();
  const built = off.includes('browser') ? variant : undefined;

  /** The application's own files: `sandbox` and the frame's policy stand in them as they are. */
  const opened = (text) => {
    let code = String(text);
    if (off.includes('sandbox'))
      code = code.replace(/\bsandbox="[^"]*"/g, () => {
        counts.sandbox++;
        return 'data-unboxed';
      });
    if (off.includes('csp'))
      code = code.replace(/http-equiv="Content-Security-Policy"/gi, () => {
        counts.csp++;
        return 'data-lifted';
      });
    return code;
  };
  const headersOf = (answer) => {
    const headers = { ...answer.headers() };
    if (off.includes('csp') && headers[CSP]) {
      delete headers[CSP];
      counts.csp++;
    }
    delete headers['content-length'];
    delete headers['content-encoding'];
    return headers;
  };

  await context.route(
    (url) => url.origin === base,
    async (route) => {
      const request = route.request();
      const { pathname } = new URL(request.url());
      const mail = /^\/api\/v1\/messages\/([^/]+)\/html$/.exec(pathname);
      try {
        if (mail && (off.includes('server') || off.includes('csp'))) {
          const answer = await route.fetch();
          let body = await answer.text();
          const raw = rawOf(decodeURIComponent(mail[1]));
          if (off.includes('server') && raw !== undefined && answer.ok()) {
            counts.server++;
            body = body.replace(/(<body[^>]*>)[\s\S]*<\/body>/i, (_, open) => `${open}\n${raw}\n</body>`);
          }
          await route.fulfill({ status: answer.status(), headers: headersOf(answer), body });
        } else if (request.resourceType() === 'document' && pathname.startsWith('/api/')) {
          const answer = await route.fetch();
          await route.fulfill({ response: answer, headers: headersOf(answer) });
        } else if (request.resourceType() === 'document') {
          const answer = await route.fetch();
          if (built) counts.browser++;
          await route.fulfill({
            status: answer.status(),
            headers: headersOf(answer),
            body: opened(built ? built.get('/index.html') : await answer.text()),
          });
        } else if (pathname.startsWith('/assets/')) {
          const file = built ? built.get(pathname) : await (await route.fetch()).text();
          await route.fulfill({
            status: file === undefined ? 404 : 200,
            contentType: files[pathname.split('.').pop()] ?? 'application/octet-stream',
            body: pathname.endsWith('.js') ? opened(file ?? '') : (file ?? ''),
          });
        } else await route.continue();
      } catch (error) {
        // The page that asked is gone.
        if (!/closed|disposed|Invalid InterceptionId|already handled/i.test(error.message)) throw error;
      }
    },
  );
}
