import type { Submission } from '@countersign/api'
import type { Captcha } from '../captcha/captcha.ts'
import type { Along } from '../db/along.ts'
import type { Experience } from '../experience/experience.ts'
import type { Users } from '../users/users.ts'
import type { World } from '../world.ts'
import type { Tell, TellAlong } from './happenings.ts'

/** What the steps of an interaction need of the other rooms. */
export interface StepsRoom {
  captcha: Pick<Captcha, 'verify'>
  experience: Experience
  users: Users
  /** Puts the login on the authorization request; returns the address to send the browser to. */
  finishLogin(
    uid: string,
    userId: string,
    options: {
      submission: Submission
      epoch: number
      cookies: string | undefined
      along: Along<true>
    },
  ): Promise<string>
  /** Clears away what a new password has ended, and writes it down. */
  sessionsEnded(userId: string): Promise<void>
  tell: Tell
  /** What a change of a user takes along into its transaction, so that webhooks hear of it. */
  tellAlong: TellAlong
  world: World
}
