import type { CaptchaChallenge, CaptchaSettings } from '@countersign/api'
import { aliyun } from './aliyun/aliyun.ts'
import { altcha } from './altcha/altcha.ts'
import { hcaptcha } from './hcaptcha/hcaptcha.ts'
import type { CaptchaProvider, CaptchaRoom } from './provider.ts'
import { tencent } from './tencent/tencent.ts'
import { turnstile } from './turnstile/turnstile.ts'

/** Makes a provider from the settings that have its name. */
type Makers = {
  [Name in CaptchaSettings['provider']]: (
    room: CaptchaRoom,
    settings: Extract<CaptchaSettings, { provider: Name }>,
  ) => CaptchaProvider<Extract<CaptchaChallenge, { provider: Name }>>
}

/** Every provider: a folder, a line here, and its settings in `@countersign/api`. */
const providers: Makers = {
  aliyun,
  altcha,
  hcaptcha,
  tencent,
  turnstile,
}

/**
 * The provider that settings name.
 *
 * @example const challenge = await providerOf(room, { provider: 'altcha', effort: 2_000_000 }).ask(checked)
 */
export function providerOf<Name extends CaptchaSettings['provider']>(
  room: CaptchaRoom,
  settings: Extract<CaptchaSettings, { provider: Name }>,
): CaptchaProvider<Extract<CaptchaChallenge, { provider: Name }>> {
  return providers[settings.provider as Name](room, settings)
}
