import type { CaptchaSettings } from '@countersign/api'
import { altcha } from './altcha/altcha.ts'
import type { CaptchaProvider, CaptchaRoom } from './provider.ts'

/** Makes a provider from the settings that have its name. */
type Makers = {
  [Name in CaptchaSettings['provider']]: (
    room: CaptchaRoom,
    settings: Extract<CaptchaSettings, { provider: Name }>,
  ) => CaptchaProvider
}

/** Every provider: a folder, a line here, and its settings in `@countersign/api`. */
const providers: Makers = {
  altcha,
}

/**
 * The provider that settings name.
 *
 * @example const challenge = await providerOf(room, { provider: 'altcha', effort: 2_000_000 }).ask(checked)
 */
export const providerOf = (room: CaptchaRoom, settings: CaptchaSettings): CaptchaProvider =>
  providers[settings.provider](room, settings)
