import type { SignInExperience } from '@countersign/api'
import type { Frame } from '@countersign/sign-in'

/** What the operator chose for the look of every page that end users see. */
export type Look = Pick<Frame, 'primaryColor' | 'logoUrl' | 'termsOfUseUrl' | 'privacyPolicyUrl'>

/** The look of the pages, from the sign-in experience. */
export function pageLook(settings: SignInExperience): Look {
  const { logoUrl } = settings.branding
  return {
    primaryColor: settings.color.primaryColor,
    ...(logoUrl && { logoUrl }),
    ...(settings.termsOfUseUrl && { termsOfUseUrl: settings.termsOfUseUrl }),
    ...(settings.privacyPolicyUrl && { privacyPolicyUrl: settings.privacyPolicyUrl }),
  }
}
