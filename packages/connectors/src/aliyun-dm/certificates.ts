import { type KeyObject, X509Certificate } from 'node:crypto'
import { type Fetch, SendError, type SendWorld } from '@countersign/kit'
import { download } from '../request.ts'

/** A certificate has two or three kilobytes. */
const MOST_BYTES = 64 * 1024
/** How long one is kept, and how many are: the vendor has had one for years. */
const KEPT_MS = 24 * 3_600_000
const MOST_KEPT = 8
/** How many are fetched within a minute at most, so that nobody makes this server fetch by inventing names of files. */
const MOST_FETCHES = 6
const MINUTE = 60_000
/**
 * How long a fetch may take. It goes on when the reading has had to answer, so that the certificate is there when the
 * cloud comes again, seconds later.
 */
const FETCH_MS = 10_000

interface Store {
  kept: Map<string, { key: Promise<KeyObject>; until: number }>
  fetches: number[]
}

/** One store for each network, for every network may have certificates of its own: simulated clouds do. */
const stores = new WeakMap<Fetch, Store>()

/**
 * The place of EventBridge's certificates for a region. Nothing else is asked: anybody can have a bucket there, but not
 * of the name that a region has.
 */
export function isCertificateUrl(url: string, region: string): boolean {
  const host = `https://${region}-eventbridge.oss-accelerate.aliyuncs.com/`
  return url.startsWith(host) && /^[\w-]{1,100}\.pem$/.test(url.slice(host.length))
}

/**
 * The public key in a certificate, fetched once a day.
 *
 * @throws SendError when it cannot be had within `world.deadline`
 */
export async function publicKeyAt(
  url: string,
  { proxy }: { proxy?: string | undefined },
  world: SendWorld,
): Promise<KeyObject> {
  const store = stores.get(world.fetch) ?? { kept: new Map(), fetches: [] }
  stores.set(world.fetch, store)
  const now = world.now()
  const known = store.kept.get(url)
  if (known && known.until > now) return await inTime(known.key, world.deadline)
  store.fetches = store.fetches.filter(at => at > now - MINUTE)
  if (store.fetches.length >= MOST_FETCHES) throw new SendError('throttled')
  store.fetches.push(now)
  const key = download({ ...world, deadline: FETCH_MS }, { url, proxy, most: MOST_BYTES }).then(readKey)
  store.kept.delete(url)
  store.kept.set(url, { key, until: now + KEPT_MS })
  // What failed is not kept.
  key.catch(() => store.kept.get(url)?.key === key && store.kept.delete(url))
  const [oldest] = store.kept.size > MOST_KEPT ? store.kept.keys() : []
  if (oldest !== undefined) store.kept.delete(oldest)
  return await inTime(key, world.deadline)
}

async function inTime<T>(work: Promise<T>, deadline: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SendError('unreachable')), Math.min(deadline, FETCH_MS))
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function readKey(pem: Buffer): KeyObject {
  try {
    const { publicKey } = new X509Certificate(pem)
    if (publicKey.asymmetricKeyType === 'rsa') return publicKey
  } catch {
    // Falls through: it is no certificate.
  }
  throw new SendError('provider_fault')
}
