/** The spelling, inside a user name or password, of the signs that would end it in an address. */
const ENCODED = 'write # as %23, / as %2F, ? as %3F, @ as %40, : as %3A and % as %25'

const parse = (url: string): URL | undefined =>
  // Without a host it is reached through a socket file that the parameter `host` names.
  [url, url.replace('@/', '@localhost/')]
    .map(each => (URL.canParse(each) ? new URL(each) : undefined))
    .find(Boolean)

/**
 * Says what is wrong with the address of a PostgreSQL; undefined when it can be read. Quotes nothing of it: where it
 * cannot be read, nobody knows which part of it is the password.
 *
 * @example addressProblem('mysql://db') // 'must begin with postgres:// ; …'
 */
export function addressProblem(url: string): string | undefined {
  if (!/^postgres(?:ql)?:\/\//.test(url))
    return 'must begin with postgres:// ; leave it empty for SQLite in DATA_DIR'
  const parsed = parse(url)
  // A password that is not encoded ends the host where it should not, and what follows stands where none is expected.
  const [, , afterHost = ''] = /^\w+:\/\/([^/?#]*)(.*)$/s.exec(url) ?? []
  const isTorn = url.includes('#') || (!parsed?.username && /^[^=]*@/.test(afterHost))
  const schema =
    parsed && ['schema', 'currentSchema', 'search_path'].find(name => parsed.searchParams.has(name))
  if (schema)
    return `has a parameter ${schema} that nobody reads; name the schema by ?options=-c%20search_path%3D…`
  if (parsed && !isTorn) return undefined
  if (!isTorn && /^\w+:\/\/(?:[^@]*@)?[^/?#]*,/.test(url))
    return 'must name one host; of several, name the primary'
  return `is no address that can be read: in its user name and password ${ENCODED}, as in postgres://user:p%23ss@host:5432/database, and give the port as a number`
}

/**
 * The place of a database in words for people, without a password.
 *
 * @example placeOf('postgres://ada:secret@db:5432/sign-in', '') // 'PostgreSQL db:5432/sign-in'
 */
export function placeOf(url: string, file: string): string {
  if (!url) return `SQLite ${file}`
  const parsed = parse(url)
  return parsed ? `PostgreSQL ${parsed.host}${parsed.pathname}` : 'PostgreSQL'
}

/**
 * The passwords in an address, as they are written there and as they are meant; also where it cannot be read.
 *
 * @example passwordsIn('postgres://ada:s%20x@db/y') // ['s%20x', 's x']
 */
export function passwordsIn(url: string): string[] {
  const written = [/^\w+:\/\/[^:@/]*:(.*)@/s, /[?&](?:password|sslpassword)=([^&#]*)/].flatMap(
    pattern => pattern.exec(url)?.[1] ?? [],
  )
  return written.flatMap(each => [each, decoded(each)])
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // A lone % stands for itself.
  }
}
