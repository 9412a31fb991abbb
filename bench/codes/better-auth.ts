import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler } from 'better-auth/node'
import { phoneNumber } from 'better-auth/plugins/phone-number'
import { reportCpu } from './server-process.ts'

/** better-auth with its phone-number plugin, on the same driver and with the same pragmas as our database. */
const [, , folder] = process.argv as [string, string, string]

const database = new DatabaseSync(join(folder, 'better-auth.db'))
database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000')

const options = {
  database,
  secret: 'bench-secret-of-32-characters-00',
  baseURL: 'http://127.0.0.1',
  telemetry: { enabled: false },
  logger: { disabled: true },
  // All requests come from one address: with its limits on, better-auth would refuse nearly all of them.
  rateLimit: { enabled: false },
  plugins: [
    // The check needs a user. It is made the first time a number is checked, before anything is measured.
    phoneNumber({
      signUpOnVerification: { getTempEmail: to => `${to.slice(1)}@example.com` },
      sendOTP: ({ phoneNumber: to, code }) => void process.send!({ to: to.replace(/^\+86/, ''), code }),
    }),
  ],
}
await (await getMigrations(options)).runMigrations()
const auth = betterAuth(options)

const server = createServer(toNodeHandler(auth))
await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))

reportCpu()
process.send!({
  origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  headers: {},
  ask: { path: '/api/auth/phone-number/send-otp', phone: 'phoneNumber', prefix: '+' },
  check: { path: '/api/auth/phone-number/verify', phone: 'phoneNumber', code: 'code', prefix: '+' },
  // The least that its check can do: a known user, no session.
  knownNumbers: 4,
  also: { disableSession: true },
})
