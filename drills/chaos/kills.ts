import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { useCloud } from '../../e2e/ready.ts'
import { createManagement, type Management } from '../../packages/cli/src/management.ts'
import {
  newInstallation,
  type Product,
  removeInstallation,
  startProduct,
} from '../../packages/cli/src/product.ts'
import { type Clouds, startSimulators } from '../../packages/simulators/src/index.ts'
import { phonesIn } from '../database/trial.ts'
import { type Figure, figure } from '../table.ts'

/** Milliseconds of work within which a server is killed, at a random moment. */
const WITHIN = 1_000

/** So many back ends at work at once. */
const WIDTH = 4

/** What was acknowledged before the kills. */
interface Acknowledged {
  users: string[]
  /** Numbers whose code was taken, with that code. */
  spent: [phone: string, code: string][]
  /** Codes that were let in again after a kill. */
  again: string[]
}

/** Makes users and sends, receives and tries codes until the server is gone. */
async function work(management: Management, clouds: Clouds, round: string, acknowledged: Acknowledged) {
  const one = async (n: number) => {
    for (let turn = 0; ; turn += 1) {
      const phone = `86138${round}${n}${String(turn).padStart(3, '0')}`
      const made = await management('POST', '/api/users', { primaryPhone: phone })
      if (made.status === 200) acknowledged.users.push(phone)
      const sent = await management('POST', '/api/verification-codes', { phone })
      const code = clouds.inbox.messages().find(({ to }) => to === `+${phone}`)?.code
      if (sent.status !== 204 || code === undefined) continue
      const body = { phone, verificationCode: code }
      const { status } = await management('POST', '/api/verification-codes/verify', body)
      if (status === 204) acknowledged.spent.push([phone, code])
    }
  }
  // The kill ends all of them.
  await Promise.allSettled(Array.from({ length: WIDTH }, (_, n) => one(n)))
}

/** Tries every code once more that was taken in the round before. */
async function tryAgain(management: Management, before: Acknowledged['spent']): Promise<string[]> {
  const taken: string[] = []
  for (const [phone, verificationCode] of before) {
    const body = { phone, verificationCode }
    if ((await management('POST', '/api/verification-codes/verify', body)).status === 204) taken.push(phone)
  }
  return taken
}

/** Of the last server: what is in its tables, when all has settled. */
async function look(management: Management, acknowledged: Acknowledged) {
  const phones = await phonesIn(management)
  const there = new Set(phones)
  return {
    missing: acknowledged.users.filter(phone => !there.has(phone)).length,
    doubled: phones.length - there.size,
  }
}

/** What SQLite says of its own file, and how many messages in it have no final state. */
function lookIntoFile(dataDir: string): { whole: boolean; open: number } {
  const db = new DatabaseSync(join(dataDir, 'countersign.db'))
  const [check] = db.prepare('pragma integrity_check').all()
  const row = db.prepare(`select count(*) as open from messages where state = 'sending'`).get()
  db.close()
  return { whole: Object.values(check!)[0] === 'ok', open: Number(row!.open) }
}

/**
 * Starts a server on a file of SQLite again and again, and kills it each time at a random moment, while back ends make users
 * and try codes.
 *
 * @param rounds so many kills
 */
export async function killAndKill(rounds: number): Promise<{ title: string; figures: Figure[] }> {
  const simulators = await startSimulators({ port: 0, quiet: true, frequencyControl: false })
  const { clouds } = simulators
  const installation = await newInstallation({
    SIMULATORS_URL: simulators.addresses.site!,
    SEND_TIMEOUT: '1000',
    LOG_LEVEL: 'error',
  })
  const acknowledged: Acknowledged = { users: [], spent: [], again: [] }
  let before: Acknowledged['spent'] = []
  let product: Product | undefined
  try {
    product = await startProduct(installation)
    let management = await createManagement(product)
    await useCloud(management, 'aliyun-sms')
    for (let round = 0; round < rounds; round += 1) {
      acknowledged.again.push(...(await tryAgain(management, before)))
      const known = acknowledged.spent.length
      const working = work(management, clouds, String(round).padStart(4, '0'), acknowledged)
      await sleep(randomInt(WITHIN))
      await product.kill()
      await working
      before = acknowledged.spent.slice(known)
      product = await startProduct(installation)
      management = await createManagement(product)
    }
    acknowledged.again.push(...(await tryAgain(management, before)))
    const { missing, doubled } = await look(management, acknowledged)
    // What a killed server left is settled after three times the time of a send.
    await sleep(5_000)
    await product.stop()
    const { whole, open } = lookIntoFile(installation.dataDir)
    return {
      title: 'SQLite, a server that is killed at random moments',
      figures: [
        figure('kills', rounds),
        figure('users acknowledged', acknowledged.users.length, { least: 1 }),
        figure('of them not in the database', missing, { most: 0 }),
        figure('users that stand there twice', doubled, { most: 0 }),
        figure('codes taken', acknowledged.spent.length, { least: 1 }),
        figure('codes taken once more after a kill', acknowledged.again.length, { most: 0 }),
        figure('messages without a final state', open, { most: 0 }),
        figure('files that are damaged', Number(!whole), { most: 0 }),
      ],
    }
  } finally {
    await product?.kill()
    await removeInstallation(installation)
    await simulators.close()
  }
}
