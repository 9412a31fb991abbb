import { pbkdf2Sync, webcrypto } from 'node:crypto'
import vm from 'node:vm'
import { expect, test } from 'vitest'
import { assetPath, assets } from './assets.ts'

const source = assets[assetPath('captcha-worker.js')]!.body

/** Lets the worker work as a browser does, with or without the cryptography that pages without TLS do not get. */
async function work(crypto: object | undefined, parameters: object, { start = 0, step = 1 } = {}) {
  const posted: { counter?: number; derivedKey?: string; tried?: number }[] = []
  const postMessage = (message: object) => posted.push(message)
  const scope = vm.createContext({ crypto, postMessage })
  vm.runInContext(source, scope)
  scope.onmessage({ data: { parameters, start, step } })
  await expect.poll(() => posted.at(-1)?.derivedKey).toBeDefined()
  return posted
}

const nonce = '934d27affdb659f5f54932ba4426eac0'
const salt = 'fdb78105f257a34186b475d0046b05ca'
const keyOf = (counter: number, cost: number) => {
  const number = Buffer.alloc(4)
  number.writeUInt32BE(counter)
  const password = Buffer.concat([Buffer.from(nonce, 'hex'), number])
  return pbkdf2Sync(password, Buffer.from(salt, 'hex'), cost, 32, 'sha256').toString('hex')
}

test.each([
  ['of the browser', webcrypto],
  ['of our own, where a page has no TLS', undefined],
])('the number is found by the PBKDF2 %s', async (_, crypto) => {
  const derivedKey = keyOf(61, 9)
  const parameters = { nonce, salt, cost: 9, keyPrefix: derivedKey.slice(0, 32) }
  const [first, ...further] = await work(crypto, parameters, { start: 1, step: 4 })
  expect(first).toEqual({ tried: 1 })
  expect(further).toEqual([{ tried: 53 }, { counter: 61, derivedKey }])
  expect(await work(undefined, { ...parameters, cost: 1, keyPrefix: keyOf(0, 1) })).toHaveLength(1)
})
