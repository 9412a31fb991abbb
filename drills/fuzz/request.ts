import type { Chance } from '../chance.ts'
import type { Actor } from './actors.ts'
import { acquaint, badBody, flip, HOSTILE_TEXTS, spoil } from './hostile.ts'
import { MARKER } from './judge.ts'
import type { Place } from './places.ts'

/** A request before it becomes bytes. */
interface Draft {
  method: string
  target: string
  headers: [string, string][]
  body: Buffer
}

/** Parts of a path that are nobody's id. */
const BAD_PARTS: readonly string[] = [
  '%00',
  '%ff',
  '%C0%AF',
  '%E0%80%80',
  '%',
  '%zz',
  '..%2f..%2f..%2fetc%2fpasswd',
  '%2e%2e',
  '..',
  '.',
  '%5c..%5c',
  ';a=b',
  '*',
  '%0d%0ax-fzz:%201',
  '%22%3E%3Cfzz%3E',
  '%F0%9F%98%80',
  'me',
  '__proto__',
  '0',
  '-1',
  'a'.repeat(3_000),
]

/** What programs write into the headers that ours reads. */
const BAD_HEADERS: readonly (readonly [string, string])[] = [
  ['Host', 'evil.example.com'],
  ['Host', ''],
  ['Host', 'localhost:99999'],
  ['Host', '[::1'],
  ['Cookie', `${'a=b; '.repeat(300)}`],
  ['Cookie', '_interaction=%7B; _session=x; _session.sig=y; =; ;;; a'],
  ['Cookie', '_logto=%7B%22nobody%22%3A%22nobody%22%7D'],
  ['Authorization', 'Bearer'],
  ['Authorization', 'Bearer a.b.c'],
  ['Authorization', 'Basic ////'],
  ['Authorization', `Basic ${Buffer.from('a:\0').toString('base64')}`],
  ['Authorization', 'Digest x'],
  ['Origin', 'null'],
  ['Origin', 'https://evil.example.com'],
  ['Referer', 'not a uri'],
  ['Accept', 'nothing/nowhere;q=2'],
  ['Accept', '*/*;q=,,,'],
  ['Accept-Language', `${'zh-CN,'.repeat(100)}*;q=0`],
  ['Accept-Language', '-'],
  ['Accept-Encoding', 'zstd;q=0, br;q=abc'],
  ['Content-Type', 'application/json; charset=utf-16'],
  ['Content-Type', 'multipart/form-data'],
  ['Content-Type', 'application/x-www-form-urlencoded; charset=gbk'],
  ['Content-Type', 'text/plain'],
  ['Content-Type', ''],
  ['Content-Encoding', 'gzip'],
  ['X-Forwarded-For', '1.2.3.4, , unknown, ::ffff:1.2.3.4%eth0'],
  ['X-Forwarded-Proto', 'javascript'],
  ['X-Forwarded-Host', 'evil.example.com'],
  ['Forwarded', 'for="_x";proto=;host="'],
  ['If-None-Match', 'W/"x", *'],
  ['If-Modified-Since', 'yesterday'],
  ['Range', 'bytes=5-1,-0'],
  ['Expect', '100-continue'],
  ['Expect', 'the unexpected'],
  ['Upgrade', 'h2c'],
  ['X-HTTP-Method-Override', 'DELETE'],
  ['logto-app-id', '__proto__'],
  ['X-Request-Id', `a\t${'x'.repeat(2_000)}`],
  ['traceparent', '00-00000000000000000000000000000000-0000000000000000-ff'],
  ['DPoP', 'a.b.c'],
]

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'] as const

const encode = (value: unknown) =>
  encodeURIComponent(String(typeof value === 'object' ? JSON.stringify(value) : value).toWellFormed())

/** A form or a query of a value; lists stand as their name again and again. */
function formOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return encode(value)
  return Object.entries(value)
    .flatMap(([name, each]) =>
      (Array.isArray(each) ? each : [each]).map(one => `${encode(name)}=${encode(one)}`),
    )
    .join('&')
}

function draft(place: Place, actor: Actor, chance: Chance): Draft {
  const fill = (text: string) => text.replaceAll(/\{(\w+)\}/g, (_, name) => part(name))
  const part = (name: string) => {
    // What is deleted can no longer be asked for anything else.
    if (chance.is(place.method === 'DELETE' ? 0.8 : 0.15)) return chance.of(BAD_PARTS)
    const known = actor.known(name, place.path)
    return known.length > 0 ? encode(chance.of(known)) : 'nobody'
  }
  const words = actor.words()
  const sound = (values: readonly unknown[]) => {
    if (values.length === 0) return undefined
    const known = acquaint(chance.of(values), chance, words)
    return chance.is(0.5) ? spoil(known, chance) : known
  }
  const query = chance.is(place.form === 'form' || place.method === 'GET' ? 0.7 : 0.2)
    ? sound(place.queries)
    : undefined
  const body = sound(place.bodies)
  const text = place.form === 'json' ? (JSON.stringify(body) ?? '') : formOf(body ?? {})
  return {
    method: place.method,
    target: `${fill(place.path)}${query === undefined ? '' : `?${actor.fill(formOf(query))}`}`,
    headers: [
      ['Host', `localhost:${actor.ports[place.port]}`],
      ...actor.headers(place),
      ...(place.method === 'GET' || body === undefined
        ? []
        : ([
            [
              'Content-Type',
              place.form === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
            ],
          ] as [string, string][])),
    ],
    body: Buffer.from(body === undefined || place.method === 'GET' ? '' : actor.fill(text)),
  }
}

type Change = (draft: Draft, chance: Chance) => Draft

/** Each spoils a request in one way. */
const CHANGES: readonly Change[] = [
  (each, chance) => ({ ...each, method: chance.of(METHODS) }),
  (each, chance) => ({ ...each, body: badBody(each.body.toString(), chance) }),
  (each, chance) => ({ ...each, body: flip(each.body, chance) }),
  (each, chance) => withHeader(each, chance.of(BAD_HEADERS)),
  (each, chance) => ({
    ...each,
    headers: [...each.headers, [...chance.of(BAD_HEADERS)] as [string, string]],
  }),
  (each, chance) => ({
    ...each,
    target: `${each.target}${chance.of(['/', '//', '?', '?&&=', '#x', '%', ';', '\\'])}`,
  }),
  (each, chance) => ({
    ...each,
    target: `${each.target}?${encode(chance.of(HOSTILE_TEXTS))}=%ff&a[]=1&a[]=2&page=-1`,
  }),
  (each, chance) => ({ ...each, target: `/${chance.of(['/', '.', '%2e%2e/', '\\', ''])}${each.target}` }),
  each => ({ ...each, target: `http://evil.example.com${each.target}` }),
  each => ({ ...each, target: each.target.toUpperCase() }),
  (each, chance) => withHeader(each, cut(each, chance)),
]

/** A credential that lost some characters, or that had one changed. */
function cut({ headers }: Draft, chance: Chance): readonly [string, string] {
  const [name, value] = headers.find(([name]) => /^(?:cookie|authorization)$/i.test(name)) ?? [
    'Cookie',
    'a=b',
  ]
  const at = chance.below(value.length + 1)
  return [name, chance.is(0.5) ? value.slice(0, at) : `${value.slice(0, at)}A${value.slice(at + 1)}`]
}

const withHeader = (each: Draft, [name, value]: readonly [string, string]): Draft => ({
  ...each,
  headers: [...each.headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase()), [name, value]],
})

type Framing = (draft: Draft, head: (headers: readonly [string, string][]) => string) => Buffer

const bytesOf = (...parts: (string | Buffer)[]) =>
  Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)))

/** How long the body is said to be, rightly. */
const framed: Framing = ({ body }, head) =>
  bytesOf(head(body.length > 0 ? [['Content-Length', String(body.length)]] : []), body)

const chunked = (body: Buffer) => bytesOf(`${body.length.toString(16)}\r\n`, body, '\r\n0\r\n\r\n')

/** Ways in which a message's length, lines or connection are wrong. */
const BAD_FRAMES: readonly Framing[] = [
  ({ body }, head) => bytesOf(head([['Content-Length', String(body.length + 50)]]), body),
  ({ body }, head) => bytesOf(head([['Content-Length', '2']]), body),
  ({ body }, head) => bytesOf(head([['Content-Length', '-1']]), body),
  ({ body }, head) =>
    bytesOf(
      head([
        ['Content-Length', '1'],
        ['Content-Length', '2'],
      ]),
      body,
    ),
  ({ body }, head) =>
    bytesOf(head([['Transfer-Encoding', 'chunked']]), body.length > 0 ? chunked(body) : '0\r\n\r\n'),
  ({ body }, head) => bytesOf(head([['Transfer-Encoding', 'chunked']]), 'zz\r\n', body),
  ({ body }, head) => bytesOf(head([['Transfer-Encoding', 'chunked']]), 'ffffffff\r\n', body),
  ({ body }, head) =>
    bytesOf(
      head([
        ['Transfer-Encoding', 'chunked'],
        ['Content-Length', String(body.length)],
      ]),
      chunked(body),
    ),
  ({ body }, head) => bytesOf(head([['Transfer-Encoding', 'gzip, chunked']]), chunked(body)),
  (each, head) => bytesOf(framed(each, head), framed(each, head)),
  (each, head) => bytesOf(framed(each, head), 'GARBAGE\r\n\r\n'),
  (each, head) => bytesOf(framed(each, head).toString('latin1').replace('HTTP/1.1', 'HTTP/1.0')),
  (each, head) => bytesOf(framed(each, head).toString('latin1').replace('HTTP/1.1', 'HTTP/9.9')),
  (each, head) => bytesOf(framed(each, head).toString('latin1').replaceAll('\r\n', '\n')),
  (_, head) => bytesOf(head([['X-Long', 'x'.repeat(40_000)]])),
  (_, head) => bytesOf(head(Array.from({ length: 2_100 }, (_, n): [string, string] => [`X-${n}`, '1']))),
  (_, head) =>
    bytesOf(
      head([
        ['X Bad', '1'],
        ['X-Null', 'a\0b'],
      ]),
    ),
  (_, head) => bytesOf(head([['X-Fold', `a\r\n b\r\n${MARKER.header}: 1`]])),
  () => bytesOf('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  () => bytesOf('GET /\r\n'),
  () => bytesOf('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'),
]

/**
 * The bytes of one request to a place: sound, spoiled in one or a few ways, or framed wrongly.
 *
 * @example draw(place, actor, createChance(1))
 */
export function draw(place: Place, actor: Actor, chance: Chance): Buffer {
  let each = draft(place, actor, chance)
  for (let times = chance.of([0, 0, 0, 1, 1, 2, 3]); times > 0; times -= 1)
    each = chance.of(CHANGES)(each, chance)
  const { method, target, headers } = each
  const head = (more: readonly [string, string][]) =>
    `${[`${method} ${target} HTTP/1.1`, ...[...headers, ...more, ['Connection', 'close']].map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`
  return (chance.is(0.9) ? framed : chance.of(BAD_FRAMES))(each, head)
}
