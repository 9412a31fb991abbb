import type { SignInExperience } from '@countersign/api'
import type { Channels } from '../experience/check.ts'

const CHANNEL_OF = {
  phone: 'sms',
  email: 'email',
  PhoneVerificationCode: 'sms',
  EmailVerificationCode: 'email',
} as const

const RESET_METHODS = ['PhoneVerificationCode', 'EmailVerificationCode'] as const

/**
 * The settings as pages can keep them: a connection that was deleted leaves the settings as they are, but nobody is
 * asked for a code that cannot be sent where a password lets them in too, or resets by such a code.
 *
 * @example const settings = reachable(await experience.read(), await connections.channels())
 */
export function reachable(settings: SignInExperience, channels: Channels): SignInExperience {
  const reaches = (name: keyof typeof CHANNEL_OF) => channels[CHANNEL_OF[name]]
  const methods = settings.signIn.methods.map(method =>
    method.identifier === 'username' || reaches(method.identifier) || !method.password
      ? method
      : { ...method, verificationCode: false },
  )
  return {
    ...settings,
    signIn: { ...settings.signIn, methods },
    forgotPasswordMethods: (settings.forgotPasswordMethods ?? [...RESET_METHODS]).filter(reaches),
  }
}
