import { isObject, type Receipt, type ReceiptReading } from '@countersign/kit'

/** Entries of one push that are read: no cloud says how many it sends, and the one that does sends a hundred. */
export const MOST_ENTRIES = 500

/** Characters of an id, a number or a code, and of a provider's own words: what is longer is cut. */
const MOST_CHARACTERS = 256
const MOST_WORDS = 1024

/** An answer that tells the cloud to keep what it has pushed; HTTP says it, for that is all the clouds read. */
export const refusedPush = (refused: string, status = 400): ReceiptReading => ({
  refused,
  answer: { status, body: { code: status, msg: 'refused' } },
})

/**
 * The objects that a push holds: of a list, or the one that stands alone, as a queue hands it out. Undefined for what is
 * no push: no JSON, or JSON without an object in it.
 */
export function entriesOf(body: string): Record<string, unknown>[] | undefined {
  let value: unknown
  try {
    // Some senders put the mark of UTF-8 before it, which JSON does not know.
    value = JSON.parse(body.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
  if (isObject(value)) return [value]
  if (!Array.isArray(value)) return undefined
  const entries = value.slice(0, MOST_ENTRIES).filter(isObject)
  return value.length > 0 && entries.length === 0 ? undefined : entries
}

/** A member as a text in one line, cut; undefined where it is none, or empty. Numbers count as the texts that they stand for. */
export function textIn(
  entry: Readonly<Record<string, unknown>>,
  name: string,
  most = MOST_CHARACTERS,
): string | undefined {
  if (!Object.hasOwn(entry, name)) return undefined
  const value = entry[name]
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value
  if (typeof text !== 'string') return undefined
  // No database keeps a zero in a text, and no reader wants any other control character.
  const plain = text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, most)
    .toWellFormed()
  return plain === '' ? undefined : plain
}

/** A provider's own words, in one text. */
export function saidIn(entry: Readonly<Record<string, unknown>>, ...names: string[]): string | undefined {
  const words = names.flatMap(name => textIn(entry, name, MOST_WORDS) ?? [])
  return words.length === 0 ? undefined : [...new Set(words)].join(' · ').slice(0, MOST_WORDS)
}

/** A yes or no, which older copies write as a text; undefined where it is neither. */
export function yesNoIn(entry: Readonly<Record<string, unknown>>, name: string): boolean | undefined {
  const value = entry[name]
  if (typeof value === 'boolean') return value
  const text = textIn(entry, name)?.toLowerCase()
  if (text === 'true' || text === '1') return true
  return text === 'false' || text === '0' ? false : undefined
}

/** How many messages something counts for: a small whole number, often written as a text. */
export function segmentsIn(entry: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const text = textIn(entry, name)
  return text !== undefined && /^[1-9]\d{0,2}$/.test(text) ? Number(text) : undefined
}

/** The state for which a provider's own word stands; undefined where the table does not have it. */
export const stateFor = (
  states: Readonly<Record<string, Receipt['state']>>,
  said: string | undefined,
): Receipt['state'] | undefined =>
  said !== undefined && Object.hasOwn(states, said) ? states[said] : undefined

/** Leaves members without a value out, as the types of receipts have it. */
export function given<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never
}
