import type { CaptchaChallenge } from '@countersign/api'
import type { Keys } from '../crypto/keys.ts'
import type { Database } from '../db/database.ts'
import type { World } from '../world.ts'

/** What checks for people need of other rooms. */
export interface CaptchaRoom {
  db: Database
  keys: Keys
  world: World
  /** The host of the pages, e.g. `login.example.com`. */
  hostname: string
}

/** Who is to pass the check, and for what. */
export interface Checked {
  /** The visitor's address; undefined where nobody knows it. */
  ip: string | undefined
  /** The host of the page that the check stood on. */
  hostname: string
  /** What it was for, as providers are told, e.g. `interaction`. */
  action: string
  /** The interaction that it belongs to. What was solved for another one is worth nothing. */
  interaction: string
}

/**
 * What came of a check. `failed`: the visitor has to try again. `unavailable`: nobody can pass now, and the operator has to
 * do something; it is never taken for a pass. Reasons are single words for the log, never a token.
 */
export type Verdict =
  | {
      result: 'passed'
      /** What must not be shown a second time, and until when, in milliseconds since the Unix epoch, it could be. */
      once: string
      until: number
    }
  | { result: 'failed'; reason: string }
  | {
      result: 'unavailable'
      reason: string
      /** What the operator has to do, in a sentence for the log. */
      remedy: string
      /** The provider's own code, where it has one. */
      code?: string
    }

/** One provider of checks, with its settings. */
export interface CaptchaProvider<Challenge extends CaptchaChallenge = CaptchaChallenge> {
  /** What a page needs to show the check. Nothing in it is secret, and no secret of the settings is needed for it. */
  ask(checked: Omit<Checked, 'ip'>): Promise<Challenge>
  /**
   * Judges what a browser brought back, of at most `MOST_TOKEN` characters. It must cost a forger more than the server, and
   * never throws for what the token holds.
   */
  verify(token: string, checked: Checked): Promise<Verdict>
}

/** Most characters of what a browser brings back; longer ones are refused unread. */
export const MOST_TOKEN = 6 * 1024
