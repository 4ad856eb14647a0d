/** Runs before everything else in every document: a script that got through tells so, without stopping us. */
export function insideEveryDocument() {
  const tell = (what) => {
    let at;
    try {
      at = globalThis.top.__rig?.at;
    } catch {
      // A document of another origin does not see which message it belongs to.
    }
    globalThis.__ran?.(what, at);
  };
  for (const name of ['alert', 'confirm', 'prompt', 'print'])
    globalThis[name] = (value) => tell(`${name}(${String(value)})`);
  if (globalThis !== globalThis.top) return;

  globalThis.__rig = {
    /** Which message is open, by its number. */
    at: undefined,
    is(n) {
      this.at = n;
      globalThis.__at(n);
    },
    pause: (ms) => new Promise((done) => setTimeout(done, ms)),
    /** Opens messages one after another and does to each what a reader may; what came out of it by number. */
    async walk(stops, settle) {
      const seen = [];
      for (const { n, path } of stops) {
        this.is(n);
        const looked = await this.open(path, true);
        seen.push({ n, ...looked });
        if (looked.failed) break;
        await this.use(settle);
      }
      return seen;
    },
    async use(settle) {
      this.touch(document.querySelector('article iframe')?.contentDocument);
      await this.pause(settle);
    },
    /** Opens that path of the webmail and resolves when the message is there in its frame. */
    async open(path, framed) {
      const before = document.querySelector('article iframe');
      if (location.pathname !== path) {
        history.pushState({ ours: true }, '', path);
        dispatchEvent(new PopStateEvent('popstate'));
      }
      return this.shown(before, framed);
    },
    async shown(before, framed) {
      const until = performance.now() + 15_000;
      while (performance.now() < until) {
        const frame = document.querySelector('article iframe');
        if (framed && frame && frame !== before && frame.matches('.ready')) return this.look(frame);
        const plain = document.querySelector('article .plain, article .hint, article .notice');
        if (!framed && plain) return {};
        await this.pause(10);
      }
      return { failed: 'the message was not shown' };
    },
    look(frame) {
      const inside = frame.contentDocument;
      return {
        boxed: frame.hasAttribute('sandbox'),
        policed: !!inside?.querySelector(
          'meta[http-equiv="Content-Security-Policy"][content^="default-src"]',
        ),
      };
    },
    /** Does to everything in a document what a reader might do, and tells each element what it listens for. */
    touch(inside, which = '*') {
      if (!inside) return;
      // By the prototype: a mail may name something of its own like this.
      const { prototype } = inside.nodeType === Node.DOCUMENT_NODE ? Document : Element;
      const all = prototype.querySelectorAll.call(inside, which);
      const base = prototype.querySelector.call(inside, 'base[target]')?.target;
      const fire = (element, event) => EventTarget.prototype.dispatchEvent.call(element, event);
      const click = (element) => fire(element, new MouseEvent('click', { bubbles: true, cancelable: true }));
      for (const element of [...all].slice(-300)) {
        const attribute = (name) => Element.prototype.getAttribute.call(element, name);
        for (const name of Element.prototype.getAttributeNames.call(element))
          if (name.startsWith('on')) fire(element, new Event(name.slice(2)));
        const href = attribute('href') ?? attribute('xlink:href') ?? element.href?.baseVal;
        const leaving =
          /^_(top|parent)$/i.test(attribute('target') ?? '') || /^_(top|parent)$/i.test(base ?? '');
        const tag = element.localName;
        // Following a link into a new tab is what links are for.
        const link =
          (tag === 'a' || tag === 'area') &&
          (!/^\s*https?:/i.test(element.href?.baseVal ?? element.href ?? href ?? '') ||
            leaving ||
            attribute('ping') !== null);
        if (link || tag === 'button' || (tag === 'input' && /^(submit|image)$/.test(element.type)))
          click(element);
        if (tag === 'details') element.open = true;
      }
    },
  };
}

/** Whether a frame is in a mail's own. */
const isWithin = (frame, page) => ![null, page.mainFrame()].includes(frame.parentFrame());

/** One page of the webmail, and what happened in it to whom. */
export class Tab {
  constructor(page, run) {
    this.page = page;
    this.run = run;
    this.base = run.base;
    this.current = undefined;
    page.setDefaultTimeout(20_000);
    page.on('dialog', (dialog) => {
      this.tell('dialog', dialog.message());
      dialog.dismiss().catch(() => undefined);
    });
    page.on('framenavigated', (frame) => {
      const url = frame.url();
      // A frame whose page the policy forbade shows this instead of it.
      if (url.startsWith('chrome-error:') && frame !== page.mainFrame()) return;
      const ours = url.startsWith(`${run.base}/`) || /^about:(srcdoc|blank)$/.test(url) || url === '';
      if (!ours || (this.expected && frame === page.mainFrame() && !url.startsWith(this.expected)))
        this.tell(isWithin(frame, page) ? 'nested' : 'navigation', url);
    });
    // What a policy forbade is told of as well, and was never sent. Other requests are the catcher's to tell.
    const asked = (request) => {
      const url = request.url();
      if (request.isNavigationRequest() && /^https?:/.test(url) && !url.startsWith(`${run.base}/`))
        this.tell('navigation', url);
    };
    page.on('requestfinished', asked);
    page.on('requestfailed', (request) => {
      if (!/csp|BLOCKED/i.test(request.failure()?.errorText ?? '')) asked(request);
    });
    page.on('pageerror', (error) => this.tell('error', error.message));
    page.on('download', (download) => {
      this.tell('download', download.suggestedFilename());
      download.cancel().catch(() => undefined);
    });
  }

  /** A page of our own beside this one. */
  async another() {
    this.opening = true;
    const page = await this.page.context().newPage();
    this.opening = false;
    page.on('dialog', (dialog) => {
      this.tell('dialog', dialog.message());
      dialog.dismiss().catch(() => undefined);
    });
    return page;
  }

  /** Told by number where the payload has one, else it was the message that is open here. */
  tell(what, detail, at = this.current?.n) {
    const n = Number(/(?:alert\(|\/v\/|\/link\/)(\d+)/.exec(detail)?.[1]);
    this.run.tell(this.run.knows(n) ? n : at, what, detail);
  }
}
