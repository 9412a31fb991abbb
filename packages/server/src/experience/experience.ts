import type { SignInExperience, SignInExperiencePatch } from '@countersign/api'
import type { Connector } from '@countersign/kit'
import type { Database } from '../db/database.ts'
import { patiently } from '../db/patience.ts'
import { ApiError } from '../refusals/refusal.ts'
import { changeDocument, readDocument } from '../settings/settings.ts'
import type { World } from '../world.ts'
import { type Channels, checkPatch } from './check.ts'
import { carriedLength, requireCarried } from './code-length.ts'
import { DEFAULT_EXPERIENCE } from './defaults.ts'
import { emailProblem } from './email-blocklist.ts'

const KEY = 'sign-in-experience'

/** Policy figures in force: what is stored, with Logto's defaults where nothing is. */
export interface CodePolicy {
  /** Digits. */
  length: number
  /** Milliseconds. */
  lifetime: number
  /** Wrong codes that are looked at. */
  tries: number
}

/** The connector that carries a code, or any connector while it is not known which one will. */
export type Carrier = Pick<Connector, 'codeLength'>

/**
 * The policy in force.
 *
 * @param carrier the connector that will send the code: where it cannot carry the length that the policy asks for
 *   (it was connected after the policy was saved), codes have the nearest length that it can
 * @example const { length, lifetime } = codePolicy(settings, connector)
 */
export function codePolicy(
  { verificationCodePolicy: policy }: SignInExperience,
  carrier: Carrier = {},
): CodePolicy {
  return {
    length: carriedLength(policy.codeLength, carrier),
    lifetime: (policy.expirationDuration ?? 600) * 1000,
    tries: policy.maxRetryAttempts ?? 10,
  }
}

/**
 * Milliseconds between two codes for one recipient that pages ask for: a minute where no policy says so.
 *
 * @example pauseOf({ ...settings, verificationCodePolicy: { resendInterval: 30 } }) // 30000
 */
export const pauseOf = ({ verificationCodePolicy: { resendInterval = 60 } }: SignInExperience): number =>
  resendInterval * 1000

/**
 * The whole minutes for which a code is good, as messages may say it: never more than is true, and never none.
 *
 * @example minutesOf({ ...policy, lifetime: 90_000 }) // 1
 */
export const minutesOf = ({ lifetime }: CodePolicy): number => Math.max(1, Math.floor(lifetime / 60_000))

/**
 * @throws ApiError `session.email_blocklist.*` when an address may neither register nor be added
 * @example requireAllowedEmail('ada@example.com', await experience.read())
 */
export function requireAllowedEmail(address: string, { emailBlocklistPolicy }: SignInExperience): void {
  const problem = emailProblem(address, emailBlocklistPolicy)
  if (problem) throw new ApiError(problem)
}

/**
 * Reads and changes the sign-in experience.
 *
 * @param setUsernameCase makes the usernames follow the policy, in the transaction that changes it
 */
export function createExperience(
  db: Database,
  world: Pick<World, 'now'>,
  setUsernameCase: (tx: Database, caseSensitive: boolean) => Promise<void> = async () => {},
) {
  function complete(stored: Partial<SignInExperience>): SignInExperience {
    const { defaultCountry, ...rest } = stored
    // Clients of Logto do not know it, so it is there only where somebody has set it.
    return { ...DEFAULT_EXPERIENCE, ...rest, ...(defaultCountry && { defaultCountry }) }
  }
  let known = DEFAULT_EXPERIENCE
  const read = async (): Promise<SignInExperience> => {
    known = complete(await readDocument<SignInExperience>(db, KEY))
    return known
  }
  async function followUsernameCase(
    tx: Database,
    stored: Partial<SignInExperience>,
    next: Partial<SignInExperience>,
  ) {
    const { caseSensitive } = complete(next).usernamePolicy
    if (caseSensitive !== complete(stored).usernamePolicy.caseSensitive)
      await setUsernameCase(tx, caseSensitive)
  }

  return {
    read,
    /** The settings as they were read last, for pages that can ask for nothing. */
    known: (): SignInExperience => known,
    /** Sets the country that phone fields begin with, unless somebody has set or cleared it before. */
    async ensureDefaultCountry(defaultCountry: string): Promise<void> {
      await changeDocument<SignInExperience>(
        db,
        KEY,
        stored => ('defaultCountry' in stored ? {} : { defaultCountry }),
        async () => {},
      )
    },
    /**
     * Replaces each member given; `passwordExpiration` is merged, as in Logto.
     *
     * @param customLanguages languages with texts of the operator's own
     * @param connectors those that have a connection
     * @throws ApiError `entity.invalid_input` when there is nothing to change, `sign_in_experiences.*`
     */
    async update(
      patch: SignInExperiencePatch,
      channels: Channels,
      customLanguages: readonly string[] = [],
      connectors: readonly Connector[] = [],
    ): Promise<SignInExperience> {
      const given = Object.entries(patch).filter(([, value]) => value !== undefined)
      if (given.length === 0) throw new ApiError('entity.invalid_input')
      const change = Object.fromEntries(given.map(([key, value]) => [key, value === '' ? null : value]))
      for (const list of ['customAllowlist', 'customBlocklist'] as const) {
        const policy = change.emailBlocklistPolicy as SignInExperience['emailBlocklistPolicy'] | undefined
        if (policy?.[list]) change.emailBlocklistPolicy = { ...policy, [list]: [...new Set(policy[list])] }
      }
      const { caseSensitive } = patch.usernamePolicy ?? {}
      // An index over all users may take longer than a request waits.
      const isLong =
        caseSensitive !== undefined && caseSensitive !== (await read()).usernamePolicy.caseSensitive
      const run = isLong ? patiently : <T>(work: () => T) => work()
      const compute = (members: Partial<SignInExperience>) => {
        const stored = complete(members)
        checkPatch(patch, stored, channels, customLanguages)
        requireCarried(patch, stored, connectors)
        if (!patch.passwordExpiration) return change
        const passwordExpiration = { ...stored.passwordExpiration, ...patch.passwordExpiration }
        // Users of before count from the moment on which passwords began to expire; no caller sets it.
        passwordExpiration.enabledAt = stored.passwordExpiration.enabled
          ? stored.passwordExpiration.enabledAt
          : world.now()
        if (!passwordExpiration.enabled) delete passwordExpiration.enabledAt
        return { ...change, passwordExpiration }
      }
      const next = await run(() => changeDocument(db, KEY, compute, followUsernameCase))
      return complete(next)
    },
  }
}

export type Experience = ReturnType<typeof createExperience>
