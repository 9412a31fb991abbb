import { phraseRoutes, type SignInExperience } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import type { CustomTexts } from './phrases.ts'

/** The settings that hold the languages of the pages. */
interface Languages {
  read(): Promise<Pick<SignInExperience, 'languageInfo'>>
}

/** An operator's own texts. */
export function mountCustomPhrases(mount: Mount, phrases: CustomTexts, experience: Languages): void {
  const routes = phraseRoutes
  mount
    .add(routes.listCustomPhrases, async () => ({ status: 200, body: await phrases.list() }))
    .add(routes.getCustomPhrases, async ({ params }) => ({
      status: 200,
      body: await phrases.get(params.languageTag),
    }))
    .add(routes.putCustomPhrases, async ({ params, body }) => ({
      status: 201,
      body: await phrases.put(params.languageTag, body),
    }))
    .add(routes.getBuiltInPhrases, async ({ params }) => {
      const { languageInfo } = await experience.read()
      return { status: 200, body: phrases.builtIn(params.languageTag, languageInfo.fallbackLanguage) }
    })
    .add(routes.deleteCustomPhrases, async ({ params }) => {
      const { languageInfo } = await experience.read()
      await phrases.delete(params.languageTag, languageInfo.fallbackLanguage)
      return { status: 204 }
    })
}

/** The texts for anyone. */
export function mountPhrases(mount: Mount, phrases: CustomTexts, experience: Languages): void {
  mount.add(phraseRoutes.getPhrases, async ({ query }, { languages }) => {
    const { autoDetect, fallbackLanguage } = (await experience.read()).languageInfo
    const asked = query.lng?.split(' ').filter(Boolean) ?? []
    const tags = asked.length > 0 ? asked : autoDetect ? languages : []
    const { language, translation } = await phrases.resolve(tags, fallbackLanguage)
    return { status: 200, body: { translation }, headers: { 'Content-Language': language } }
  })
}
