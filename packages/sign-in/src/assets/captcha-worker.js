// Does the work of the check for people: looks for the number whose derived key begins as the page says. The browser's own
// PBKDF2 is the fastest; where a page is served without TLS browsers keep it away, and the one below takes its place.

const bytesOf = hex => Uint8Array.from(hex.match(/../g), pair => Number.parseInt(pair, 16))
const hexOf = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')

// SHA-256, as FIPS 180-4 has it: the constants are digits of roots of the first primes.
const PRIMES = []
for (let number = 2; PRIMES.length < 64; number += 1)
  if (PRIMES.every(prime => number % prime > 0)) PRIMES.push(number)
const rootDigits = (prime, power) => (prime ** power % 1) * 2 ** 32
const K = Int32Array.from(PRIMES, prime => rootDigits(prime, 1 / 3))
const START = Int32Array.from(PRIMES.slice(0, 8), prime => rootDigits(prime, 1 / 2))
const W = new Int32Array(64)

const turn = (word, by) => (word >>> by) | (word << (32 - by))

/** Folds the sixteen words at the beginning of W into a state. Plain loops: it runs millions of times. */
function fold(state, into) {
  for (let at = 16; at < 64; at += 1) {
    const early = W[at - 15]
    const late = W[at - 2]
    const first = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3)
    const second = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10)
    W[at] = W[at - 16] + first + W[at - 7] + second
  }
  let a = state[0]
  let b = state[1]
  let c = state[2]
  let d = state[3]
  let e = state[4]
  let f = state[5]
  let g = state[6]
  let h = state[7]
  for (let at = 0; at < 64; at += 1) {
    const sums = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)
    const one = (h + sums + ((e & f) ^ (~e & g)) + K[at] + W[at]) | 0
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + one) | 0
    d = c
    c = b
    b = a
    a = (one + two) | 0
  }
  into[0] = state[0] + a
  into[1] = state[1] + b
  into[2] = state[2] + c
  into[3] = state[3] + d
  into[4] = state[4] + e
  into[5] = state[5] + f
  into[6] = state[6] + g
  into[7] = state[7] + h
}

/** Puts the last words of a message into W, of which 64 bytes went before. */
function lastWords(words) {
  const { length } = words
  for (let at = 0; at < length; at += 1) W[at] = words[at]
  W[length] = 0x80000000
  for (let at = length + 1; at < 15; at += 1) W[at] = 0
  W[15] = (64 + length * 4) * 8
}

const wordsOf = bytes => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Int32Array.from({ length: bytes.length / 4 }, (_, at) => view.getInt32(at * 4))
}

/** The state after a block of an HMAC key, every byte of which is changed by a pad. */
function padded(password, pad) {
  const state = new Int32Array(8)
  W.fill(0, 0, 16)
  W.set(wordsOf(password))
  for (let at = 0; at < 16; at += 1) W[at] ^= pad
  fold(START, state)
  return state
}

/** PBKDF2 with HMAC-SHA-256 for a key of 32 bytes; password and salt are whole words, and short. */
function ownKey(password, salt, cost) {
  const inner = padded(password, 0x36363636)
  const outer = padded(password, 0x5c5c5c5c)
  const last = new Int32Array(8)
  const key = new Int32Array(8)
  for (let round = 0; round < cost; round += 1) {
    lastWords(round === 0 ? [...wordsOf(salt), 1] : last)
    fold(inner, last)
    lastWords(last)
    fold(outer, last)
    for (let at = 0; at < 8; at += 1) key[at] ^= last[at]
  }
  const bytes = new DataView(new ArrayBuffer(32))
  for (let at = 0; at < 8; at += 1) bytes.setInt32(at * 4, key[at])
  return new Uint8Array(bytes.buffer)
}

async function browserKey(password, salt, cost) {
  const key = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits'])
  const how = { name: 'PBKDF2', salt, iterations: cost, hash: 'SHA-256' }
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, 256))
}

/** Tries every `step`th number from `start` on, tells now and then how many those are, and the one that is right. */
async function work({ parameters, start, step }) {
  const derive = globalThis.crypto?.subtle ? browserKey : ownKey
  const { cost, keyPrefix } = parameters
  const salt = bytesOf(parameters.salt)
  const nonce = bytesOf(parameters.nonce)
  const password = new Uint8Array(nonce.length + 4)
  password.set(nonce)
  const number = new DataView(password.buffer, nonce.length)
  for (let counter = start; ; counter += step) {
    number.setUint32(0, counter)
    const derivedKey = hexOf(await derive(password, salt, cost))
    if (derivedKey.startsWith(keyPrefix)) return postMessage({ counter, derivedKey })
    if (counter % 50 < step) postMessage({ tried: counter })
  }
}

globalThis.onmessage = ({ data }) => void work(data)
