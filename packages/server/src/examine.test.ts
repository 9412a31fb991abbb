import { expect, test } from 'vitest'
import { unreached } from './examine.ts'

test.each([
  ['ENOTFOUND', 'server.nameless', 'unknown'],
  ['ECONNREFUSED', 'server.silent', 'unknown'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'server.untrusted', 'unknown'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'server.untrusted', 'unknown'],
  ['CERT_HAS_EXPIRED', 'server.untrusted', 'wrong'],
])('%s on the way to the own server is told of as %s', (reason, code, state) => {
  const address = 'https://sign-in.example.com'
  expect(unreached(address, reason)).toEqual({ code, state, values: { address, reason } })
})
