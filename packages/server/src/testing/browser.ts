/** An answer as a test reads it. */
export interface Seen {
  status: number
  url: string
  text: string
  headers: Headers
}

/** Where a page goes on to by itself. */
const nextOf = (html: string) =>
  /<meta http-equiv="refresh" content="0;url=([^"]+)">/.exec(html)?.[1]?.replaceAll('&amp;', '&')

/** As much of a browser as signing in takes: cookies, redirects within the server, forms; no script. */
export class Browser {
  /** By path and name, as two applications may each have one for their own path. */
  readonly cookies = new Map<string, { name: string; value: string; path: string }>()
  readonly endpoint: string
  applicationId = ''
  /** Where it is, as a proxy says that the server trusts. */
  address: string | undefined
  /** Where the server sent us away to, once it has. */
  leftTo: URL | undefined
  /** What it likes to be answered. */
  accept = 'text/html'
  /** Its `Accept-Language`. */
  language = ''
  /** Whether redirects are followed; where not, an answer's `url` is where it leads. */
  follows = true

  constructor(endpoint: string) {
    this.endpoint = endpoint
  }

  /** One request, following redirects until they leave the server. */
  async open(address: string, init: RequestInit = {}): Promise<Seen> {
    let url = new URL(address, this.endpoint)
    let next = init
    for (let hops = 0; hops < 12; hops += 1) {
      const answer = await fetch(url, {
        ...next,
        redirect: 'manual',
        headers: { ...this.#headers(url.pathname), ...next.headers },
      })
      for (const cookie of answer.headers.getSetCookie()) this.#keep(cookie)
      const text = await answer.text()
      const redirect =
        answer.status >= 300 && answer.status < 400 ? answer.headers.get('location') : undefined
      const location = redirect ?? nextOf(text)
      if (!location) return { status: answer.status, url: url.href, text, headers: answer.headers }
      url = new URL(location, url)
      next = {}
      if (!this.follows) return { status: answer.status, url: url.href, text: '', headers: answer.headers }
      if (url.origin !== this.endpoint) {
        this.leftTo = url
        return { status: answer.status, url: url.href, text: '', headers: answer.headers }
      }
    }
    throw new Error('Too many redirects')
  }

  #keep(cookie: string): void {
    const [pair = '', ...attributes] = cookie.split(';').map(part => part.trim())
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    const path = attributes.find(each => /^path=/i.test(each))?.slice(5) ?? '/'
    this.cookies.set(`${path} ${name}`, { name, value, path })
  }

  #headers(path: string): Record<string, string> {
    const sent = [...this.cookies.values()].filter(cookie => path.startsWith(cookie.path))
    return {
      accept: this.accept,
      ...(this.language !== '' && { 'accept-language': this.language }),
      ...(this.address !== undefined && { 'x-forwarded-for': this.address }),
      cookie: sent.map(({ name, value }) => `${name}=${value}`).join('; '),
    }
  }

  /** Begins an authorization request; the server then shows a sign-in page. */
  async authorize(clientId: string, redirectUri: string, extra: Record<string, string>): Promise<Seen> {
    this.applicationId = clientId
    const query = new URLSearchParams({
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid profile email phone',
      prompt: 'consent',
      state: 'state-of-test',
      // BASE64URL(SHA256('verifier-of-test-verifier-of-test-verifier-of-test'))
      code_challenge: 'Dnlg0lIM9kvc1y-FRqNIka8znqXeMCSKSgGQDP7XxfU',
      code_challenge_method: 'S256',
      ...extra,
    })
    return this.open(`/oidc/auth?${query}`)
  }

  /** Fills in and posts the page's n-th form. */
  async submit(page: Seen, fields: Record<string, string>, index = 0): Promise<Seen> {
    const form = [...page.text.matchAll(/<form[^>]*action="([^"]+)"[^>]*>(.*?)<\/form>/gs)][index]
    if (!form) throw new Error(`No form ${index} on ${page.url}: ${page.text.slice(0, 400)}`)
    const hidden = [...form[2]!.matchAll(/<input[^>]*>/g)].flatMap(([input]) => {
      const name = /name="([^"]+)"/.exec(input)?.[1]
      return name ? [[name, /value="([^"]*)"/.exec(input)?.[1] ?? '']] : []
    })
    return this.open(new URL(form[1]!.replaceAll('&amp;', '&'), page.url).href, {
      method: 'POST',
      body: new URLSearchParams({ ...Object.fromEntries(hidden), ...fields }),
    })
  }

  /** Calls the Experience API with this browser's cookies. */
  async experience(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const answer = await fetch(`${this.endpoint}/api/experience${path}`, {
      method,
      headers: {
        ...this.#headers('/api'),
        accept: 'application/json',
        'content-type': 'application/json',
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    for (const cookie of answer.headers.getSetCookie()) this.#keep(cookie)
    const json = answer.headers.get('content-type')?.startsWith('application/json')
      ? JSON.parse(text)
      : undefined
    return { status: answer.status, json, text }
  }
}
