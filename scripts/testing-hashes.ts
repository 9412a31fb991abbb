import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

// Loaded before the test files of most packages (`vitest.config.ts`). A hash of a password is meant to be slow, and tests
// compute thousands of them. Here one of today's cost takes no time, below the product, which does the same as ever; all
// other hashes are what they are. Whatever starts a process of its own computes real ones.

type Argon2 = typeof crypto.argon2

/** What a hash of ours costs (`packages/server/src/crypto/passwords.ts`): only such hashes become cheap. */
const OURS = { memory: 19_456, passes: 2, parallelism: 1 }

const CHEAP = { memory: 8, passes: 1 }

const isOurs = (parameters: Record<string, unknown>) =>
  Object.entries(OURS).every(([name, value]) => parameters[name] === value)

/** Files share a process: another one may have done this already, and nothing changes when it is done again. */
const real = crypto.argon2
const cheap: Argon2 = (algorithm, parameters, callback) =>
  real(algorithm, isOurs({ ...parameters }) ? { ...parameters, ...CHEAP } : parameters, callback)
crypto.argon2 = cheap
syncBuiltinESMExports()
