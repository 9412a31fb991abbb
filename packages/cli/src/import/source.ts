import { isDeepStrictEqual } from 'node:util'
import { EXIT, Stop } from '../exit-codes.ts'
import { printable } from '../terminal.ts'
import { Unreadable } from './reading.ts'
import { createRequests, NoAnswer, type Requests, type SourceWorld } from './requests.ts'

/** How the command is told of a Logto. */
export interface SourceOptions {
  /** Its public address, without path. */
  from: string
  clientId: string
  clientSecret: string
  /** Name of its Management API: the resource that tokens are for. */
  resource: string
}

/** Logto's Management API, read-only. Every function throws `Stop` when no usable answer comes. */
export interface Source {
  /** The answer's JSON, or undefined when there is no such thing (404): not any more, or not in that version. */
  get(path: string): Promise<unknown>
  /** The answer's JSON, where every Logto has one. */
  need(path: string): Promise<unknown>
  /** A list that every Logto has, whole. */
  list(path: string): Promise<unknown[]>
  /** The pages of such a list. */
  pages(path: string): AsyncIterable<unknown[]>
  /** How many a list holds; undefined where the Logto does not say. */
  count(path: string): Promise<number | undefined>
}

/** The most that Logto gives at once. */
const PAGE_SIZE = 100

/** So many objects that follow each other may be unreadable; of more the Logto itself is the cause. */
const MOST_IN_A_ROW = 2

/** A token is renewed so long before it expires, in milliseconds: as Logto's own client does. */
const MARGIN = 60_000

/** Opens the way to a Logto and gets the first token, so that wrong options show at once. @throws Stop */
export async function openSource(options: SourceOptions, world: SourceWorld): Promise<Source> {
  const requests = createRequests(options.from, world)
  const token = tokens(options, requests, world)
  await token()

  async function ask(path: string) {
    const call = (bearer: string) => requests.send(path, { headers: { authorization: `Bearer ${bearer}` } })
    const first = await token()
    let answer = await call(first)
    // Its keys may have been rotated, or its clock be another.
    if (answer.status === 401) answer = await call(await token(first))
    if (answer.status === 401 || answer.status === 403)
      throw new Stop(
        EXIT.refused,
        `${options.from} does not let the client ${options.clientId} use its Management API (${codeOf(answer.body) ?? answer.status}). ${GIVE_ROLE}`,
      )
    if (answer.status !== 404 && (answer.status !== 200 || answer.body === undefined))
      throw new NoAnswer(
        `${options.from} answered GET ${path} with ${answer.status} (${codeOf(answer.body) ?? 'no JSON'}), which no Management API does. Look at that server's log.`,
      )
    return answer
  }

  const need = async (path: string) => {
    const { status, body } = await ask(path)
    if (status !== 404) return body
    throw new Stop(
      EXIT.unanswered,
      `${options.from} has no ${path.split('?')[0]}. If a proxy stands before that Logto, it must let /api through as well as /oidc.`,
    )
  }

  const list = async (path: string) => {
    const body = await need(path)
    if (Array.isArray(body)) return body as unknown[]
    throw new Stop(EXIT.unanswered, `${options.from} answered GET ${path} with something that is no list.`)
  }

  /** A page, or, where that cannot be had, each of its objects for itself: one alone may be in the way. */
  async function pageOf(path: string, page: number): Promise<unknown[]> {
    try {
      return await list(`${path}?page=${page}&page_size=${PAGE_SIZE}`)
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
      return oneByOne(path, (page - 1) * PAGE_SIZE, error)
    }
  }

  async function oneByOne(path: string, before: number, cause: NoAnswer): Promise<unknown[]> {
    const found: unknown[] = []
    let inARow = 0
    while (found.length < PAGE_SIZE) {
      const number = before + found.length + 1
      try {
        const [each] = await list(`${path}?page=${number}&page_size=1`)
        if (each === undefined) break
        found.push(each)
        inARow = 0
      } catch (error) {
        inARow += 1
        // So many in a row are no fault of single objects.
        if (!(error instanceof NoAnswer) || inARow > MOST_IN_A_ROW) throw cause
        found.push(new Unreadable('cannot be read from that Logto', { id: `number ${number} of the list` }))
      }
    }
    return found
  }

  return {
    async get(path) {
      const { status, body } = await ask(path)
      return status === 404 ? undefined : body
    },
    need,
    list,
    async *pages(path) {
      let before: unknown[] = []
      for (let page = 1; ; page += 1) {
        const found = await pageOf(path, page)
        // A proxy that drops queries would else give the first page for ever.
        if (found.length > 0 && isDeepStrictEqual(found, before))
          throw new Stop(
            EXIT.unanswered,
            `${options.from} answers the pages of ${path} all alike. If a proxy stands before that Logto, it must pass queries on.`,
          )
        before = found
        if (found.length > 0) yield found
        if (found.length < PAGE_SIZE) return
      }
    },
    async count(path) {
      const { status, headers } = await ask(`${path}${path.includes('?') ? '&' : '?'}page=1&page_size=1`)
      const total = Number(headers.get('total-number') ?? Number.NaN)
      return status === 200 && Number.isInteger(total) ? total : undefined
    },
  }
}

const GIVE_ROLE =
  'In the console of that Logto give this machine-to-machine application the role "Logto Management API access".'

/** Gets tokens by client credentials and keeps one until shortly before its end. */
function tokens(
  { from, clientId, clientSecret, resource }: SourceOptions,
  requests: Requests,
  { now }: SourceWorld,
) {
  let current: { token: string; until: number } | undefined
  let underway: Promise<string> | undefined

  async function fetchToken() {
    const answer = await requests.send('/oidc/token', {
      method: 'POST',
      // Both parts are form-encoded first (RFC 6749, section 2.3.1).
      headers: {
        authorization: `Basic ${btoa(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`)}`,
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource, scope: 'all' }),
    })
    const { error, access_token, expires_in, scope } = (answer.body ?? {}) as Record<string, unknown>
    if (answer.status === 200 && typeof access_token === 'string') {
      if (typeof scope !== 'string' || !scope.split(' ').includes('all'))
        throw new Stop(EXIT.refused, `${from} gives the client ${clientId} no management scope. ${GIVE_ROLE}`)
      const lifetime = typeof expires_in === 'number' ? expires_in * 1000 : 0
      current = { token: access_token, until: now() + Math.max(lifetime - MARGIN, lifetime / 2) }
      return access_token
    }
    throw new Stop(...refusal(answer.status, error))
  }

  function refusal(status: number, error: unknown): [typeof EXIT.refused | typeof EXIT.unanswered, string] {
    if (error === 'invalid_client')
      return [
        EXIT.refused,
        `${from} refused the client ${clientId}: check --client-id and --client-secret. They belong to a machine-to-machine application of that Logto.`,
      ]
    if (error === 'invalid_target')
      return [
        EXIT.refused,
        `${from} has no API resource ${resource}: name its Management API with --resource. It stands in that Logto's console under API resources.`,
      ]
    if (typeof error === 'string')
      return [
        EXIT.refused,
        `${from} gave no token for the client ${clientId} (${printable(error)}): it must be a machine-to-machine application, and its secret not expired.`,
      ]
    return [
      EXIT.unanswered,
      `No Logto answers at ${from} (POST /oidc/token: ${status}, no JSON): --from is the address of its sign-in pages (ENDPOINT), not that of its console, and has no path.`,
    ]
  }

  /** @param refused a token that was refused, so that another is needed */
  return async (refused?: string): Promise<string> => {
    if (current && current.until > now() && current.token !== refused) return current.token
    // Calls under way at once share the new one.
    underway ??= fetchToken().finally(() => {
      underway = undefined
    })
    return underway
  }
}

/** The code of Logto's error body. */
function codeOf(body: unknown): string | undefined {
  const code = (body as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? printable(code.slice(0, 100)) : undefined
}
