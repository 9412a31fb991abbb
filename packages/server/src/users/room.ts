import type { Database } from '../db/database.ts'
import type { World } from '../world.ts'

/** The room that every use case of users takes first. */
export interface UsersRoom {
  db: Database
  world: World
  /** Asks the username policy of the present. */
  isUsernameCaseSensitive(): Promise<boolean>
}
