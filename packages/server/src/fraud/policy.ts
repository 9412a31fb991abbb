import { FraudModes } from '@countersign/api'
import type { Database } from '../db/database.ts'
import { changeDocument, readDocument } from '../settings/settings.ts'
import { POLICY } from './findings.ts'

const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** A code has so long to be used until its message counts; hardly anybody takes longer and uses it all the same. */
export const RIPE = 5 * MINUTE

/** How long ago the messages may be that a subject is compared with. */
export const HISTORY = 14 * DAY

/** A finding that does not show any more ends after so long: whoever is refused meanwhile leaves no trace to judge by. */
export const QUIET = 3 * HOUR

const KEY = 'fraud-guard'

const RECORD_ALL = FraudModes.parse({})

/**
 * What becomes of messages of a finding, as operators have set it; while nobody has, they leave.
 *
 * @example (await chosenModes(db)).network // 'record'
 */
export const chosenModes = async (db: Database): Promise<FraudModes> => ({
  ...RECORD_ALL,
  ...(await readDocument<{ modes: FraudModes }>(db, KEY)).modes,
})

/**
 * Sets what becomes of messages of a finding.
 *
 * @example await chooseModes(db, { network: 'refuse', prefix: 'refuse', application: 'record', country: 'captcha' })
 */
export const chooseModes = async (db: Database, modes: FraudModes): Promise<void> =>
  void (await changeDocument<{ modes: FraudModes }>(db, KEY, () => ({ modes })))

/** What the guard goes by, for operators. */
export const RULES = {
  people: POLICY.people,
  ripeMinutes: RIPE / MINUTE,
  historyDays: HISTORY / DAY,
  quietHours: QUIET / HOUR,
}
