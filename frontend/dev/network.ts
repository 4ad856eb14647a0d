/**
 * The network of unit tests: nothing is reached but what `answer` says. A setup file, since the client takes `fetch`
 * with it when it is made.
 */
export const network = {
  answer: (_: Request): Response | Promise<Response> => Promise.reject(new TypeError('no network')),
};

globalThis.fetch = async (request) => network.answer(request as Request);

/** A page's requests are relative to the page. */
globalThis.Request = class extends Request {
  constructor(url: string | URL | Request, init?: RequestInit) {
    super(typeof url === 'string' ? new URL(url, 'http://localhost') : url, init);
  }
};
