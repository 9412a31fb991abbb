import type { Submission } from '@countersign/api'
import type { Experience } from '../experience/experience.ts'
import type { Users } from '../users/users.ts'
import type { World } from '../world.ts'
import type { Tell } from './happenings.ts'

/** What the steps of an interaction need of the other rooms. */
export interface InteractionsRoom {
  experience: Experience
  users: Users
  /** Puts the login on the authorization request; returns the address to send the browser to. */
  finishLogin(
    uid: string,
    userId: string,
    options: { submission: Submission; epoch: number; cookies: string | undefined },
  ): Promise<string>
  /** Clears away what a new password has ended, and writes it down. */
  sessionsEnded(userId: string): Promise<void>
  tell: Tell
  world: World
}
