/** Characters of an id or code of a provider; real ones have a fifth of it. */
const LONGEST_ID = 200

/** Ids that a provider gives one message. */
const MOST_IDS = 10

/**
 * Bytes of a provider's words. Strangers make it speak: a provider that answers with whole pages must not fill the
 * disk.
 */
const MOST_WORDS = 2000

/**
 * As much of a provider's code as is stored.
 *
 * @example keptCode('isv.BUSINESS_LIMIT_CONTROL')
 */
export const keptCode = (code: string | undefined): string | null => code?.slice(0, LONGEST_ID) ?? null

/**
 * As much of a provider's ids as is stored.
 *
 * @example keptIds({ bizId: '900619746936498440^0' })
 */
export const keptIds = (ids: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(ids)
      .slice(0, MOST_IDS)
      .map(([name, id]) => [name, id.slice(0, LONGEST_ID)]),
  )

/**
 * As much of a provider's answer as is stored; its end says what was cut.
 *
 * @example keptAnswer({ status: 200, body: '{"Code":"OK"}' })
 */
export function keptAnswer<T extends { body?: string }>(answer: T): T {
  const bytes = Buffer.from(answer.body ?? '')
  if (bytes.length <= MOST_WORDS) return answer
  // `stream` keeps a character that the cut went through from showing as a replacement mark.
  const begin = new TextDecoder().decode(bytes.subarray(0, MOST_WORDS), { stream: true })
  return { ...answer, body: `${begin}… [cut, of ${bytes.length} bytes]` }
}

/** No text that a cloud takes has so many. */
const MOST_SEGMENTS = 255

/**
 * A number of segments as it is stored; null for what is none.
 *
 * @example keptSegments(2)
 */
export const keptSegments = (segments: number | undefined): number | null =>
  segments !== undefined && Number.isInteger(segments) && segments > 0
    ? Math.min(segments, MOST_SEGMENTS)
    : null
/** Names of ids that say nothing of a message, but of the request that carried it. */
const OF_REQUESTS = new Set(['RequestId'])

/**
 * What a message is found by when its provider names it again: of each of its ids one text, the most telling first.
 *
 * @example providerKeys('aliyun-sms', { BizId: '900^0', RequestId: 'A-1' }) // ['aliyun-sms/BizId/900^0']
 */
export const providerKeys = (connector: string, ids: Readonly<Record<string, string>>): string[] =>
  Object.entries(ids)
    .filter(([name]) => !OF_REQUESTS.has(name))
    .slice(0, MOST_IDS)
    .flatMap(([name, id]) => {
      const text = stored(id, LONGEST_ID)
      return text ? [`${connector}/${name}/${text}`] : []
    })

/**
 * As much of a text of a stranger as is stored, without what a database cannot store; null where there is none.
 *
 * @example stored('DELIVERED', 100)
 */
export function stored(text: unknown, most: number): string | null {
  if (typeof text !== 'string' || text === '') return null
  return text.slice(0, most).replaceAll('\0', '').toWellFormed()
}
