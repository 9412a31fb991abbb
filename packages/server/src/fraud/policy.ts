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

/** What operators have set. */
export interface GuardSettings {
  /** What becomes of messages of a finding, by its kind. */
  modes: FraudModes
  /** Whether passing a check is no longer enough where codes stay unused all the same. */
  escalates: boolean
}

/**
 * What becomes of messages of a finding, as operators have set it; while nobody has, they leave.
 *
 * @example (await chosenSettings(db)).modes.network // 'record'
 */
export async function chosenSettings(db: Database): Promise<GuardSettings> {
  const { modes, escalates = false } = await readDocument<GuardSettings>(db, KEY)
  return { modes: { ...RECORD_ALL, ...modes }, escalates }
}

/**
 * Sets what becomes of messages of a finding.
 *
 * @example await chooseSettings(db, { modes: FraudModes.parse({ network: 'refuse' }), escalates: true })
 */
export const chooseSettings = async (db: Database, settings: GuardSettings): Promise<void> =>
  void (await changeDocument<GuardSettings>(db, KEY, () => settings))

/** What the guard goes by, for operators. */
export const RULES = {
  people: POLICY.people,
  ripeMinutes: RIPE / MINUTE,
  historyDays: HISTORY / DAY,
  quietHours: QUIET / HOUR,
}
