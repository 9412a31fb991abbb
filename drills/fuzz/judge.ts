import type { Received } from './wire.ts'

/** A marker that stands in what is sent, as a tag and as a header would; an answer must never repeat it as either. */
export const MARKER = { tag: '<fzz>', header: 'x-fzz' } as const

/** What an answer must not show, and how it is called. */
const LEAKS: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a stack', /\n\s+at .+:\d+:\d+\)?/],
  ['a path of the machine', /(?:file:\/\/\/|\/(?:home|root|usr|tmp|work|app|srv|opt)\/[\w.-]+\/)/],
  ['a source file', /(?:node_modules\/|node:internal|\b[\w-]+\.ts:\d+)/],
  [
    'a statement of SQL',
    /\b(?:SQLITE_\w+|syntax error at or near|duplicate key value|violates \w+ constraint)\b/i,
  ],
  ['a statement of SQL', /\b(?:select|update|insert into|delete from) "\w+"/i],
  [
    'an error of JavaScript',
    /\b(?:TypeError|ReferenceError|RangeError|Cannot read propert|is not a function)\b/,
  ],
  ['an object made a text', /\[object \w+\]/],
]

/**
 * What is wrong with an answer to bytes, in words; undefined for a sound one. No answer at all is sound: it is what bytes that are
 * no HTTP deserve.
 *
 * @param secrets texts that must never be answered to whoever did not send them
 * @example faultOf(Buffer.from('GET / …'), { status: 500, head: '', body: '', hangs: false }, []) // 'answered with 500'
 */
export function faultOf(
  sent: Buffer,
  { status, head, body, hangs }: Received,
  secrets: readonly string[],
): string | undefined {
  if (hangs) return 'no end within its time'
  if (status >= 500 && status !== 503 && !isMissingConnector(status, body)) return `answered with ${status}`
  if (new RegExp(`^${MARKER.header}:`, 'im').test(head)) return 'a header of the sender'
  if (/^content-type: *text\/html/im.test(head) && body.includes(MARKER.tag)) return 'a tag of the sender'
  const leak = LEAKS.find(([, pattern]) => pattern.test(body) || pattern.test(head))
  if (leak) return `shows ${leak[0]}`
  return secrets.some(secret => body.includes(secret) && !sent.includes(secret))
    ? 'shows a secret'
    : undefined
}

/** The contract's own 501: there is no connection for this kind of message. */
const isMissingConnector = (status: number, body: string) =>
  status === 501 && /"code":"connector\.\w+"/.test(body)
