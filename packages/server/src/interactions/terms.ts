import type { InteractionEvent, SignInExperience } from '@countersign/api'
import type { Terms } from '@countersign/sign-in'
import type { PageState } from './page-state.ts'

/** What a form posts as `terms` when the box was ticked. */
export const AGREED = 'agreed'

interface Asked {
  settings: SignInExperience
  /** What the pages of the interaction remember. */
  page: PageState
}

const hasTerms = ({ termsOfUseUrl, privacyPolicyUrl }: SignInExperience) =>
  !!termsOfUseUrl || !!privacyPolicyUrl

/**
 * True while the visitor must still tick the box before they go on. Once in an interaction is enough.
 *
 * @example needsAgreement({ settings, page: interaction.page }, 'Register')
 */
export function needsAgreement({ settings, page }: Asked, event: InteractionEvent): boolean {
  if (!hasTerms(settings) || page.agreed) return false
  const policy = settings.agreeToTermsPolicy
  return (policy === 'Manual' && event === 'SignIn') || (policy !== 'Automatic' && event === 'Register')
}

/**
 * How a page speaks of the terms: where an account is made it says that going on agrees, or asks for a tick.
 *
 * @example termsFor({ settings, page: interaction.page }, 'Register') // { terms: 'asked' }
 */
export function termsFor(asked: Asked, event: InteractionEvent): { terms?: Terms } {
  if (needsAgreement(asked, event)) return { terms: 'asked' }
  const isSaid = asked.settings.agreeToTermsPolicy === 'Automatic' && event === 'Register'
  return isSaid && hasTerms(asked.settings) ? { terms: 'said' } : {}
}
