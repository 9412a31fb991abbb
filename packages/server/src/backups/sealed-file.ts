import { createCipheriv, createDecipheriv, scrypt } from 'node:crypto'
import { BackupError } from './backup-error.ts'

/** What a backup begins with, so that it is known for one; the last character is the version of this form. */
const MAGIC = Buffer.from('countersign backup 1')

/** How hard it is to try a passphrase: scrypt with this power of two, r = 8 and p = 1, as OWASP advises. 128 MiB. */
const COST = 17

/** A file must not make whoever opens it take more memory than 1 GiB. */
const HIGHEST_COST = 20

const SALT = 32
const TAG = 16
const HEAD = MAGIC.length + 1 + SALT

/** Bytes of a chunk before it is encrypted. Only the last one may hold fewer. */
const CHUNK = 65_536

type Bytes = AsyncIterable<Uint8Array>

/**
 * Encrypts bytes with a passphrase. Each chunk is authenticated with its place and with whether it is the last, so a file
 * that was cut, put together anew or changed is noticed. The salt makes the key another one for each file, so the places
 * of the chunks serve as nonces.
 *
 * @param random gives the salt
 * @example pipeline(text, part => sealedBytes(part, { passphrase, random }), createWriteStream(file))
 */
export async function* sealedBytes(
  source: Bytes,
  {
    passphrase,
    random,
    cost = COST,
  }: { passphrase: string; random(size: number): Uint8Array; cost?: number },
): AsyncGenerator<Buffer> {
  const head = Buffer.concat([MAGIC, Buffer.from([cost]), random(SALT)])
  const key = await keyOf(passphrase, head)
  yield head
  let place = 0
  let waiting: Buffer = Buffer.alloc(0)
  for await (const part of source) {
    waiting = waiting.length > 0 ? Buffer.concat([waiting, part]) : Buffer.from(part)
    // A full chunk waits until it is known whether another follows.
    while (waiting.length > CHUNK) {
      yield sealChunk(key, head, { place, last: false }, waiting.subarray(0, CHUNK))
      place += 1
      waiting = waiting.subarray(CHUNK)
    }
  }
  yield sealChunk(key, head, { place, last: true }, waiting)
}

/**
 * Opens what `sealedBytes` made, chunk by chunk; nothing is handed on that was not authenticated.
 *
 * @throws BackupError when it is no backup, the passphrase is another, or the file was cut or changed
 */
export async function* openedBytes(source: Bytes, passphrase: string): AsyncGenerator<Buffer> {
  const take = taker(source)
  const head = await take(HEAD)
  if (head.length < HEAD || !head.subarray(0, MAGIC.length).equals(MAGIC)) throw new BackupError('none')
  const key = await keyOf(passphrase, head)
  for (let place = 0; ; place += 1) {
    const body = await take(CHUNK + TAG)
    const last = body.length < CHUNK + TAG || (await take.isOver())
    const chunk = openChunk(key, head, { place, last }, body)
    // Nobody has written anything that begins with a wrong chunk: so the passphrase is the likelier cause.
    if (!chunk) throw new BackupError(place === 0 ? 'passphrase' : 'damaged')
    yield chunk
    if (last) return
  }
}

/** Takes so many bytes at a time, fewer at the end. */
function taker(source: Bytes) {
  const parts = source[Symbol.asyncIterator]()
  let waiting: Buffer = Buffer.alloc(0)
  let ended = false
  async function fill(size: number): Promise<void> {
    while (!ended && waiting.length < size) {
      const { value, done } = await parts.next()
      if (done) ended = true
      else waiting = Buffer.concat([waiting, value])
    }
  }
  async function take(size: number): Promise<Buffer> {
    await fill(size)
    const taken = waiting.subarray(0, size)
    waiting = waiting.subarray(size)
    return taken
  }
  take.isOver = async () => {
    await fill(1)
    return waiting.length === 0
  }
  return take
}

async function keyOf(passphrase: string, head: Buffer): Promise<Buffer> {
  const cost = head[MAGIC.length]!
  if (cost > HIGHEST_COST || cost === 0) throw new BackupError('damaged')
  const salt = head.subarray(MAGIC.length + 1, HEAD)
  const N = 2 ** cost
  // Twice the memory that it takes, and some that is counted beside: more than the rest where a changed file names a low cost.
  const maxmem = 256 * 8 * N + 1024 ** 2
  // One spelling for what keyboards of different systems compose differently.
  return new Promise((resolve, reject) =>
    scrypt(passphrase.normalize('NFKC'), salt, 32, { N, r: 8, p: 1, maxmem }, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  )
}

interface Place {
  place: number
  last: boolean
}

function nonceOf({ place, last }: Place): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(place, 5, 6)
  nonce[11] = last ? 1 : 0
  return nonce
}

function sealChunk(key: Buffer, head: Buffer, place: Place, chunk: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(place)).setAAD(head)
  return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()])
}

function openChunk(key: Buffer, head: Buffer, place: Place, body: Buffer): Buffer | undefined {
  if (body.length < TAG) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(place)).setAAD(head)
  decipher.setAuthTag(body.subarray(-TAG))
  try {
    return Buffer.concat([decipher.update(body.subarray(0, -TAG)), decipher.final()])
  } catch {
    return undefined // not what was written at this place with this passphrase
  }
}
