import type { Database } from '../db/database.ts'
import type { World } from '../world.ts'

/** What every use case of users works with. */
export interface UsersRoom {
  db: Database
  world: World
  /** What the username policy says at present. */
  isUsernameCaseSensitive(): Promise<boolean>
}
