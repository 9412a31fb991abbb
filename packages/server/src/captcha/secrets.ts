import { CAPTCHA_SECRETS, CaptchaSettings, type CaptchaShown } from '@countersign/api'
import type { Keys } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'
import { ApiError } from '../refusals/refusal.ts'

/** The settings at rest: what is secret of them stands sealed in `sealed`. */
export interface Stored {
  settings: CaptchaShown
  sealed?: string
}

type Secrets = Record<string, string>

/** A sealed secret opens under the name of its provider only: `contextOf('turnstile')`. */
export const contextOf = (provider: string) => `captcha/${provider}`

function secretsIn(keys: Keys, { settings, sealed }: Partial<Stored>): Secrets {
  return settings && sealed ? JSON.parse(open(keys.seal, sealed, contextOf(settings.provider))) : {}
}

/**
 * Settings as they are stored. A secret that is left out is the stored one, as long as the provider is the same.
 *
 * @example changeDocument<Stored>(db, 'captcha', stored => sealedSettings(keys, changed, stored))
 *
 * @throws ApiError `guard.invalid_input` that names the secret that is missing
 */
export function sealedSettings(keys: Keys, changed: CaptchaSettings, stored: Partial<Stored>): Stored {
  const { provider } = changed
  const kept = stored.settings?.provider === provider ? secretsIn(keys, stored) : {}
  const names: readonly string[] = CAPTCHA_SECRETS[provider] ?? []
  const given = Object.entries({ ...kept, ...changed })
  const secrets = Object.fromEntries(
    given.filter(([name, value]) => names.includes(name) && value),
  ) as Secrets
  const missing = names.find(name => secrets[name] === undefined)
  if (missing !== undefined) {
    const message = 'is needed, since none is stored for this provider'
    const issues = [{ code: 'custom', path: [missing], message }]
    throw new ApiError('guard.invalid_input', {
      data: { issues, name: 'ZodError' },
      details: `${missing}: ${message}`,
    })
  }
  const shown = Object.fromEntries(Object.entries(changed).filter(([name]) => !names.includes(name)))
  // A document keeps members that it is not given, so the seal of another provider is written over.
  return {
    settings: shown as CaptchaShown,
    sealed: seal(keys.seal, JSON.stringify(secrets), contextOf(provider)),
  }
}

/** Stored settings with their secrets; undefined where there are none that this version knows. */
export function openedSettings(keys: Keys, stored: Partial<Stored>): CaptchaSettings | undefined {
  return CaptchaSettings.safeParse({ ...stored.settings, ...secretsIn(keys, stored) }).data
}
