import type { SignInExperience, SignInExperiencePatch } from '@countersign/api'
import type { Database } from '../db/database.ts'
import { ApiError } from '../http/errors.ts'
import type { World } from '../world.ts'
import { type Channels, checkPatch } from './check.ts'
import { DEFAULT_EXPERIENCE } from './defaults.ts'
import { emailProblem } from './email-blocklist.ts'
import { experienceStore } from './store.ts'

/** Policy figures in force: what is stored, with the defaults of contract sheet 6 where nothing is. */
export interface CodePolicy {
  /** Digits. */
  length: number
  /** Milliseconds. */
  lifetime: number
  /** Wrong codes that are looked at. */
  tries: number
}

/** Six digits fit every template of the three clouds (Aliyun 4–6, Tencent up to 6). */
const CODE_LENGTH = 6

export function codePolicy({ verificationCodePolicy: policy }: SignInExperience): CodePolicy {
  return {
    length: CODE_LENGTH,
    lifetime: (policy.expirationDuration ?? 600) * 1000,
    tries: policy.maxRetryAttempts ?? 10,
  }
}

/** How long a code is good, in whole minutes: what messages may say. Never more than is true, never none. */
export const minutesOf = ({ lifetime }: CodePolicy): number => Math.max(1, Math.floor(lifetime / 60_000))

/** @throws ApiError `session.email_blocklist.*` when an address may neither register nor be added */
export function requireAllowedEmail(address: string, { emailBlocklistPolicy }: SignInExperience): void {
  const problem = emailProblem(address, emailBlocklistPolicy)
  if (problem) throw new ApiError(problem)
}

/** Reads and changes the sign-in experience. */
export function createExperience(db: Database, world: Pick<World, 'now'>) {
  const store = experienceStore(db)
  const complete = (stored: Partial<SignInExperience>) => ({ ...DEFAULT_EXPERIENCE, ...stored })
  const read = async (): Promise<SignInExperience> => complete(await store.read())
  return {
    read,
    /**
     * Replaces each member given; `passwordExpiration` is merged (contract sheet 7.4).
     *
     * @param customLanguages languages with texts of the operator's own
     * @throws ApiError `entity.invalid_input` when there is nothing to change, `sign_in_experiences.*`
     */
    async update(
      patch: SignInExperiencePatch,
      channels: Channels,
      customLanguages: readonly string[] = [],
    ): Promise<SignInExperience> {
      const given = Object.entries(patch).filter(([, value]) => value !== undefined)
      if (given.length === 0) throw new ApiError('entity.invalid_input')
      const change = Object.fromEntries(given.map(([key, value]) => [key, value === '' ? null : value]))
      for (const list of ['customAllowlist', 'customBlocklist'] as const) {
        const policy = change.emailBlocklistPolicy as SignInExperience['emailBlocklistPolicy'] | undefined
        if (policy?.[list]) change.emailBlocklistPolicy = { ...policy, [list]: [...new Set(policy[list])] }
      }
      const next = await store.change(members => {
        const stored = complete(members)
        checkPatch(patch, stored, channels, customLanguages)
        if (!patch.passwordExpiration) return change
        const passwordExpiration = { ...stored.passwordExpiration, ...patch.passwordExpiration }
        // Users of before count from the moment on which passwords began to expire; no caller sets it.
        passwordExpiration.enabledAt = stored.passwordExpiration.enabled
          ? stored.passwordExpiration.enabledAt
          : world.now()
        if (!passwordExpiration.enabled) delete passwordExpiration.enabledAt
        return { ...change, passwordExpiration }
      })
      return complete(next)
    },
  }
}

export type Experience = ReturnType<typeof createExperience>
