import { onTestFinished } from 'vitest'
import { createAudit } from '../audit/audit.ts'
import type { Database } from '../db/database.ts'
import { createOperators } from '../operators/operators.ts'
import { testKeys, testWorld } from './world.ts'

/** A password that the policy takes. */
export const PASSWORD = 'right password'

/** From where an operator signs in when nothing else is said. */
export const HOME = { ip: '192.0.2.1' }

/** The operators of a database, in a world of their own. */
export function setUpOperators(db: Database) {
  const world = testWorld()
  const audit = createAudit(db, world, 90)
  // What is written late must not stand in the database of the next test.
  onTestFinished(audit.settled)
  /** What was written down so far, oldest first. */
  const audited = async () => {
    const { logs } = await audit.list({}, { size: 1000, offset: 0, cap: false })
    return logs.map(each => each.payload).reverse()
  }
  return { world, audited, operators: createOperators(db, testKeys, audit, world) }
}

/** The same with a first operator, Ada, who is signed in. */
export async function withAda(db: Database) {
  const made = setUpOperators(db)
  const link = (await made.operators.firstLink())!
  return { ...made, ada: await made.operators.createFirst(link, 'Ada', PASSWORD) }
}
