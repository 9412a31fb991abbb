/** A redirect chain longer than this goes round in circles. */
const MOST_HOPS = 10

/** What the smallest browser must do for a sign-in: keep cookies and follow redirects one by one. */
export interface Browser {
  request(address: string, init?: RequestInit): Promise<Response>
  /** Follows redirects until an address begins with `until`, which is not asked for, or a page is shown. */
  follow(address: string, until?: string): Promise<{ address: string; page?: Response }>
}

interface Cookie {
  name: string
  value: string
  path: string
}

/** Reads one `Set-Cookie`; undefined for the value means that the cookie is deleted. */
function parseCookie(line: string): Omit<Cookie, 'value'> & { value: string | undefined } {
  const [pair = '', ...attributes] = line.split(';')
  const at = pair.indexOf('=')
  const read = (name: string) =>
    attributes
      .map(attribute => attribute.trim())
      .find(attribute => attribute.toLowerCase().startsWith(`${name}=`))
      ?.slice(name.length + 1)
  const value = pair.slice(at + 1)
  const expires = Date.parse(read('expires') ?? '')
  const gone = value === '' || read('max-age') === '0' || expires <= Date.now()
  return { name: pair.slice(0, at).trim(), value: gone ? undefined : value, path: read('path') ?? '/' }
}

/** A browser without a screen, for one site: cookies are kept by name and path. */
export function createBrowser(): Browser {
  const jar = new Map<string, Cookie>()

  async function request(address: string, init: RequestInit = {}): Promise<Response> {
    const { pathname } = new URL(address)
    const cookies = [...jar.values()].filter(({ path }) => pathname.startsWith(path))
    const headers = new Headers(init.headers)
    if (cookies.length > 0)
      headers.set('cookie', cookies.map(({ name, value }) => `${name}=${value}`).join('; '))
    const answer = await fetch(address, { ...init, headers, redirect: 'manual' })
    for (const line of answer.headers.getSetCookie()) {
      const { value, ...cookie } = parseCookie(line)
      const key = `${cookie.name} ${cookie.path}`
      if (value === undefined) jar.delete(key)
      else jar.set(key, { ...cookie, value })
    }
    return answer
  }

  return {
    request,
    async follow(address, until) {
      let next = address
      for (let hop = 0; hop < MOST_HOPS; hop += 1) {
        if (until !== undefined && next.startsWith(until)) return { address: next }
        const page = await request(next)
        const location = page.headers.get('location')
        if (location === null) return { address: next, page }
        next = new URL(location, next).href
      }
      throw new Error(`Redirected ${MOST_HOPS} times without an end, last to ${next}`)
    },
  }
}
