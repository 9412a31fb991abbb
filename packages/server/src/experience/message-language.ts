import type { SignInExperience } from '@countersign/api'
import { chooseTag } from '@countersign/kit'

/**
 * The languages of Logto's own pages. A message may be asked for in them although no page here speaks them: gateways
 * behind connector packages are told, and may write in them.
 */
const LOGTO_LANGUAGES =
  'ar cs de en es fa-IR fr it ja ko pl-PL pt-BR pt-PT ru th tr-TR uk-UA zh-CN zh-HK zh-TW'.split(' ')

/** In which languages somebody would like a message that an API is asked for. */
export interface MessageWish {
  channel: 'sms' | 'email'
  /** `ui_locales` of the sign-in, as it was given: the application chose, whatever the settings. */
  uiLocales: string | undefined
  /** Those of the caller's header, best first; they count while the settings detect languages. */
  accepted: readonly string[]
}

/** The settings and texts that decide the language of a message. */
export interface MessageLanguages {
  settings(): Promise<Pick<SignInExperience, 'languageInfo'>>
  /** Languages that something here speaks: texts, templates of the channel. */
  spoken(channel: MessageWish['channel']): Promise<readonly string[]>
}

/**
 * Chooses the language of a message that is asked for over an API: the first that is known, else the fallback language.
 * Messages of hosted pages are in the language of the page.
 *
 * @example await messageLanguage(languages, { channel: 'sms', uiLocales: undefined, accepted: ['fr-CA'] }) // 'fr'
 */
export async function messageLanguage(
  { settings, spoken }: MessageLanguages,
  { channel, uiLocales, accepted }: MessageWish,
): Promise<string> {
  const { autoDetect, fallbackLanguage } = (await settings()).languageInfo
  const wished = [...(uiLocales?.split(' ') ?? []), ...(autoDetect ? accepted : [])]
  if (wished.length === 0) return fallbackLanguage
  return chooseTag(wished, [...(await spoken(channel)), ...LOGTO_LANGUAGES]) ?? fallbackLanguage
}
