import { expect, test } from 'vitest'
import { networkCode, neverConnected } from './network.ts'

const failure = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more })

test.each([
  ['a refused connection', failure('ECONNREFUSED'), 'ECONNREFUSED'],
  ['a certificate that is no longer valid', failure('CERT_HAS_EXPIRED'), 'CERT_HAS_EXPIRED'],
  [
    'the cause that `fetch` wraps',
    new TypeError('fetch failed', { cause: failure('ENOTFOUND') }),
    'ENOTFOUND',
  ],
  [
    'several addresses of one host that all refuse',
    new AggregateError([failure('ECONNREFUSED'), failure('ENETUNREACH')]),
    'ECONNREFUSED',
  ],
  ['an error of another name while connecting', failure('ESOCKET', { syscall: 'connect' }), 'ESOCKET'],
])('%s means that nothing was sent', (_, error, code) => {
  expect(neverConnected(error)).toBe(true)
  expect(networkCode(error)).toBe(code)
})

test.each([
  ['a connection that was cut', failure('ECONNRESET', { syscall: 'connect' })],
  ['a socket that closed', failure('UND_ERR_SOCKET')],
  [
    'several tries of which one may have sent',
    new AggregateError([failure('ECONNREFUSED'), failure('EPIPE')]),
  ],
  ['an error without a code', new Error('no')],
  ['nothing', undefined],
])('%s leaves open whether anything was sent', (_, error) => {
  expect(neverConnected(error)).toBe(false)
})
