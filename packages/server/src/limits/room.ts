import type { Keys } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import type { World } from '../world.ts'

/** What every use case of limits works with. */
export interface LimitsRoom {
  db: Database
  keys: Keys
  world: World
}
