import { type SignInExperience, type SignInExperiencePatch, signInExperienceRoutes } from '@countersign/api'
import { useFormErrors } from '../form/use-form-errors.ts'
import { useSpeech } from '../language.tsx'
import type { ExperienceForm } from './form.ts'

/** The least and the most of each number that the page asks for. */
export const BOUNDS = {
  codeLength: [4, 8],
  codeSeconds: [60, 3600],
  codeTries: [1, 100],
  codePause: [0, 600],
} as const

const NUMBERS = {
  codeLength: 'verificationCodePolicy.codeLength',
  codeSeconds: 'verificationCodePolicy.expirationDuration',
  codeTries: 'verificationCodePolicy.maxRetryAttempts',
  codePause: 'verificationCodePolicy.resendInterval',
} as const

/** What the sign-in experience says of each field. Where there is no single field, the name is that of a section. */
export function useExperienceErrors(
  form: ExperienceForm,
  { patch, saved, error }: { patch: SignInExperiencePatch; saved: SignInExperience; error: unknown },
) {
  const { texts } = useSpeech()
  const label = texts.experience
  const labels = {
    signInMode: label.mode,
    signUp: label.signUp,
    signIn: label.signIn,
    forgotPasswordMethods: label.forgot,
    [NUMBERS.codeLength]: label.length,
    [NUMBERS.codeSeconds]: label.lifetime,
    [NUMBERS.codeTries]: label.tries,
    [NUMBERS.codePause]: label.pause,
    'languageInfo.autoDetect': label.autoDetect,
    'languageInfo.fallbackLanguage': label.fallback,
    defaultCountry: label.country,
    'color.primaryColor': label.color,
    'color.isDarkModeEnabled': label.darkMode,
    'color.darkPrimaryColor': label.darkColor,
    customCss: label.customCss,
    termsOfUseUrl: label.terms,
    privacyPolicyUrl: label.privacy,
    agreeToTermsPolicy: label.agreement,
    supportEmail: label.supportEmail,
    supportWebsiteUrl: label.supportWebsite,
  }
  const outside = (key: keyof typeof BOUNDS) => {
    const [value, [least, most]] = [form[key], BOUNDS[key]]
    const isRight = value === '' || (Number.isInteger(value) && value >= least && value <= most)
    // What was stored by other means stays until somebody changes it.
    const isStored =
      (saved.verificationCodePolicy as Record<string, unknown>)[NUMBERS[key].split('.')[1]!] === value
    return isRight || isStored ? undefined : texts.form.between(labels[NUMBERS[key]], least, most)
  }
  return useFormErrors({
    labels,
    mistakes: {
      [NUMBERS.codeLength]: outside('codeLength'),
      [NUMBERS.codeSeconds]: outside('codeSeconds'),
      [NUMBERS.codeTries]: outside('codeTries'),
      [NUMBERS.codePause]: outside('codePause'),
    },
    body: { takes: signInExperienceRoutes.updateSignInExperience.body, sent: patch },
    error,
    values: {
      signInMode: form.signInMode,
      signUp: [form.signUpWith, form.signUpPassword],
      signIn: form.methods,
      forgotPasswordMethods: [form.forgotByEmail, form.forgotByPhone],
      [NUMBERS.codeLength]: form.codeLength,
      [NUMBERS.codeSeconds]: form.codeSeconds,
      [NUMBERS.codeTries]: form.codeTries,
      [NUMBERS.codePause]: form.codePause,
      'languageInfo.autoDetect': form.autoDetect,
      'languageInfo.fallbackLanguage': form.fallbackLanguage,
      defaultCountry: form.defaultCountry,
      'color.primaryColor': form.primaryColor,
      'color.isDarkModeEnabled': form.darkMode,
      'color.darkPrimaryColor': form.darkColor,
      customCss: form.customCss,
      termsOfUseUrl: form.termsOfUseUrl,
      privacyPolicyUrl: form.privacyPolicyUrl,
      agreeToTermsPolicy: form.agreeToTermsPolicy,
      supportEmail: form.supportEmail,
      supportWebsiteUrl: form.supportWebsiteUrl,
    },
  })
}

export type ExperienceErrors = ReturnType<typeof useExperienceErrors>
