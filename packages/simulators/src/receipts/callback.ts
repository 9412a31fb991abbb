/**
 * The address of a callback, or undefined when receipts must not go there: they stay on this machine. Names are not
 * looked up, so only `localhost` is taken of them; the URL has normalised other spellings of an address.
 */
export function loopbackUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, hostname, username, password, href } = new URL(text)
  const isHttp = protocol === 'http:' || protocol === 'https:'
  const isLoopback =
    hostname === 'localhost' || /^127(?:\.\d{1,3}){3}$/.test(hostname) || hostname === '[::1]'
  return isHttp && isLoopback && !username && !password ? href : undefined
}
