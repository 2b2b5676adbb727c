// A browser without scripts in front of the pages: it follows redirects, keeps cookies and fills in forms.

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescape = (text) =>
  text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name) return ENTITIES[name] ?? whole;
    return String.fromCodePoint(Number.parseInt(decimal ?? hex, decimal ? 10 : 16));
  });

const attributes = (tag) => {
  const found = [...tag.matchAll(/([\w-]+)="([^"]*)"/g)];
  return Object.fromEntries(found.map(([, name, value]) => [name, unescape(value)]));
};

/** Every form of a page: where it is sent to, and the fields it has with their values. */
const forms = (html, base) =>
  [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, head, body]) => ({
    action: new URL(attributes(head).action ?? '', base),
    fields: Object.fromEntries(
      [...body.matchAll(/<input\b([^>]*)>/g)]
        .map(([, tag]) => attributes(tag))
        .filter(({ name }) => name)
        .map(({ name, value }) => [name, value ?? '']),
    ),
  }));

export class Robot {
  #cookies = new Map();
  #stop;

  /** A robot that does not load addresses of which `stop(url)` is true: redirects end there. */
  constructor(stop = () => false) {
    this.#stop = stop;
  }

  /** Loads an address; gives the page that redirects ended at, or only the address where the robot stops. */
  async open(url, init = {}) {
    let next = new URL(url);
    let options = init;
    for (let redirects = 0; redirects < 12; redirects += 1) {
      if (this.#stop(next)) return { url: next };
      const response = await fetch(next, {
        ...options,
        redirect: 'manual',
        headers: { ...options.headers, accept: 'text/html', cookie: this.#cookiesFor(next) },
      });
      this.#keep(next, response.headers.getSetCookie());
      const location = response.headers.get('location');
      if (location === null) {
        const text = await response.text();
        return { url: next, status: response.status, text, forms: forms(text, next) };
      }
      next = new URL(location, next);
      options = {};
    }
    throw new Error(`redirected too often, at last to ${next}`);
  }

  /** Sends the one form of a page that has all of these fields, with these values. */
  async submit(page, values) {
    const wanted = Object.keys(values);
    const form = page.forms?.find(({ fields }) => wanted.every((name) => name in fields));
    if (!form) throw new Error(`no form with ${wanted} at ${page.url}: ${page.status} ${page.text}`);
    return this.open(form.action, {
      method: 'POST',
      headers: { origin: page.url.origin, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ ...form.fields, ...values }).toString(),
    });
  }

  /** Opens an address that leads to the sign-in page, signs in, and gives where that leads. */
  async signIn(url, { username, password }) {
    return this.submit(await this.open(url), { identifier: username, password });
  }

  // As in a browser, ports of one host share cookies.
  #cookiesFor({ hostname }) {
    return [...(this.#cookies.get(hostname) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #keep({ hostname }, lines) {
    const jar = this.#cookies.get(hostname) ?? new Map();
    this.#cookies.set(hostname, jar);
    for (const line of lines) {
      const [pair] = line.split(';');
      const at = pair.indexOf('=');
      if (/;\s*max-age=0/i.test(line)) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
  }
}
