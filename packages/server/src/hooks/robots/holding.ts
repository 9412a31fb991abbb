import { type Allowance, type Taken, take } from '../../counters/counters.ts'
import { type Keys, mac } from '../../crypto/keys.ts'
import type { Database } from '../../db/database.ts'
import { describeError } from '../../http/errors.ts'
import type { World } from '../../world.ts'
import { openConfig } from '../config.ts'
import type { DeliveryRow, DeliveryStore, DueRow } from '../store.ts'
import { alertOf, isCounted } from './alerts.ts'
import { isRobot, type RobotConfig } from './attempt.ts'
import { isOutdated, toldIn } from './gathering.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** Messages to one address in any minute: DingTalk and WeCom take 20, from whomever. */
const MOST_A_MINUTE = 15

/** What is needed to know whether a robot may be written to. */
export interface HoldingRoom {
  db: Database
  store: DeliveryStore
  keys: Keys
  world: World
}

/** What an alert is counted under, so that it is told once an hour; nothing for what merely happens. */
function alertKey(keys: Keys, row: DeliveryRow): string | undefined {
  const told = toldIn(keys, row)
  // An operator asked for it, or its try was counted before.
  if (told.isAsked || row.tries > 0) return undefined
  if (isCounted(row.event)) return mac(keys.lookup, 'hook-alert', row.hook_id, row.event)
  const { lasting } = alertOf(row.event, [told])
  return lasting && mac(keys.lookup, 'hook-alert', row.hook_id, row.event, lasting.subject, lasting.state)
}

function allowancesOf({ keys }: HoldingRoom, row: DeliveryRow, { url }: RobotConfig): Allowance[] {
  const key = alertKey(keys, row)
  return [
    { key: mac(keys.lookup, 'hook-robot', url), most: MOST_A_MINUTE, lasts: MINUTE, window: 'rolling' },
    ...(key === undefined ? [] : [{ key, most: 1, lasts: HOUR, window: 'begun' } as const]),
  ]
}

/** Takes the place of a delivery to a robot, or puts it off until there is one. */
async function takePlace(
  room: HoldingRoom,
  row: DeliveryRow,
  config: RobotConfig,
): Promise<Taken | 'not now'> {
  const told = toldIn(room.keys, row)
  if (row.tries === 0 && !told.isAsked && (await isOutdated(room, row))) return 'not now'
  const now = room.world.now()
  const taken = await take(room.db, allowancesOf(room, row, config), now)
  if (!('full' in taken)) return taken
  // Not before the next millisecond, or it would be due at once.
  const until = Math.max(now + 1, ...taken.full.map(each => each.until))
  await room.store.putOff(row, until)
  if (isCounted(row.event)) await room.store.putAllOff(row.hook_id, row.event, until)
  return 'not now'
}

/**
 * Whether a delivery may be tried now. Those to receivers of JSON may, which costs no statement; a robot is written to 15
 * times a minute at most, and told of the same state once an hour, whichever node writes. What may not is put off, and
 * told later with others.
 *
 * @example const place = await placeFor(room, row)
 */
export async function placeFor(room: HoldingRoom, row: DueRow): Promise<Taken | 'not now' | undefined> {
  try {
    if (row.hook_config === null || row.hook_enabled !== 1) return undefined
    const config = openConfig(room.keys, row.hook_id, row.hook_config)
    return isRobot(config) ? await takePlace(room, row, config) : undefined
  } catch (error) {
    // What cannot be read is tried nevertheless, so that it ends some day and holds up nobody.
    room.world.log('error', 'webhook fault', { error: describeError(error) })
    return undefined
  }
}
