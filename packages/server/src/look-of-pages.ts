import type { SignInExperience } from '@countersign/api'
import { chooseLocale } from '@countersign/sign-in'
import type { Experience } from './experience/experience.ts'
import { failureLook, type Look, pageLook } from './experience/look.ts'
import type { PageLook } from './oidc/answers.ts'
import type { CustomTexts } from './phrases/phrases.ts'

/**
 * How the provider's own pages look and speak: as the others do.
 *
 * @example createOidc({ …, look: lookOfPages(kept, { inboxUrl }) })
 */
export function lookOfPages(
  { experience, phrases }: { experience: Experience; phrases: CustomTexts },
  { inboxUrl }: { inboxUrl?: string },
): PageLook {
  const frameOf = (look: Look) => ({ ...look, ...(inboxUrl && { inboxUrl }) })
  return {
    async chosen(languages) {
      const settings = await experience.read()
      const { fallbackLanguage } = settings.languageInfo
      const { locale } = await phrases.speech(tagsOf(settings, languages), fallbackLanguage)
      return { frame: frameOf(pageLook(settings)), locale }
    },
    known(languages) {
      const settings = experience.known()
      const { fallbackLanguage } = settings.languageInfo
      const locale = chooseLocale(tagsOf(settings, languages), fallbackLanguage)
      return { frame: frameOf(failureLook(settings)), locale }
    },
  }
}

/** The languages that count for a page. */
const tagsOf = (
  { languageInfo }: SignInExperience,
  { asked, accepted }: { asked: string[]; accepted: string[] },
): string[] => [...asked, ...(languageInfo.autoDetect ? accepted : [])]
