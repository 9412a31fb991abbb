import type { CustomPhrases } from '@countersign/api'
import { chooseTag } from '@countersign/kit'
import { chooseLocale, type Locale, locales } from '@countersign/sign-in'
import { newId } from '../crypto/chance.ts'
import type { Database } from '../db/database.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import { builtInPhrases, type Phrases, withPhrases } from './built-in.ts'
import { fits, fitting } from './places.ts'
import { type PhraseRow, phraseStore } from './store.ts'

const wire = (row: PhraseRow): CustomPhrases => ({
  tenantId: 'default',
  id: row.id,
  languageTag: row.language_tag,
  translation: JSON.parse(row.translation),
})

/** Own texts over the built-in ones. */
function merge(known: Phrases, own: Phrases): Phrases {
  const merged = { ...known }
  for (const [name, value] of Object.entries(own)) {
    const under = known[name]
    merged[name] = typeof value === 'object' && typeof under === 'object' ? merge(under, value) : value
  }
  return merged
}

/** A language's name in itself. */
const nameOf = (tag: string): string => new Intl.DisplayNames(tag, { type: 'language' }).of(tag) ?? tag

/** The speech of pages: the texts of one language, and all languages to choose from. */
export interface Speech {
  locale: Locale
  languages: { tag: string; name: string }[]
}

/** The room that every use case of texts takes first. */
export interface PhrasesRoom {
  store: ReturnType<typeof phraseStore>
  world: World
  /** Locales with an operator's own texts, one of each language: making one anew for every page names all countries anew. */
  made: Map<string, { from: string; locale: Locale }>
}

/** The places where a text may stand: those of the built-in ones. */
const STRUCTURE = builtInPhrases(locales.en!)

/**
 * The operator's own texts of a language.
 *
 * @throws ApiError `entity.not_found`
 * @example await getPhrases(room, 'fr')
 */
export async function getPhrases({ store }: PhrasesRoom, tag: string): Promise<CustomPhrases> {
  const row = await store.byTag(tag)
  if (!row) throw new ApiError('entity.not_found')
  return wire(row)
}

/**
 * The operator's own texts of all languages.
 *
 * @example await listPhrases(room)
 */
export const listPhrases = async ({ store }: PhrasesRoom): Promise<CustomPhrases[]> =>
  (await store.list()).map(wire)

/**
 * What of the texts of another installation can be kept here, and the names of those that no page here says.
 *
 * @example const { texts, strange } = fittingPhrases(translation)
 */
export const fittingPhrases = (translation: Record<string, unknown>) => fitting(translation, STRUCTURE)

/**
 * Stores the operator's own texts of a language.
 *
 * @throws ApiError `localization.invalid_translation_structure`
 * @example await putPhrases(room, 'fr', { action: { sign_in: 'Entrer' } })
 */
export async function putPhrases(
  { store, world }: PhrasesRoom,
  tag: string,
  translation: Record<string, unknown>,
): Promise<CustomPhrases> {
  if (!fits(translation, STRUCTURE)) throw new ApiError('localization.invalid_translation_structure')
  const row = {
    language_tag: tag,
    id: newId(world.random),
    translation: JSON.stringify(translation),
  }
  return wire(await store.put(row))
}

/**
 * Deletes own texts.
 *
 * @throws ApiError `entity.not_found`, `localization.cannot_delete_default_language`
 * @example await deletePhrases(room, 'fr', 'en')
 */
export async function deletePhrases(room: PhrasesRoom, tag: string, fallbackLanguage: string): Promise<void> {
  await getPhrases(room, tag)
  if (tag === fallbackLanguage) throw new ApiError('localization.cannot_delete_default_language')
  await room.store.delete(tag)
}

/**
 * Reads the built-in texts in the language that fits best, before anybody has changed them.
 *
 * @example readBuiltIn('zh-CN', 'en').translation
 */
export function readBuiltIn(tag: string, fallbackLanguage: string) {
  const locale = chooseLocale([tag], fallbackLanguage)
  return {
    languages: Object.keys(locales),
    languageTag: locale.tag,
    translation: builtInPhrases(locale),
  }
}

/**
 * The languages that have texts: ours, then those of an operator's own.
 *
 * @example await textLanguages(room) // ['en', 'zh-CN', 'zh-TW', 'zh-HK', 'fr']
 */
export const textLanguages = async (room: PhrasesRoom): Promise<string[]> => [
  ...new Set([...Object.keys(locales), ...(await ownTexts(room)).keys()]),
]

const ownTexts = async ({ store }: PhrasesRoom) =>
  new Map((await store.list()).map(row => [row.language_tag, row.translation] as const))

/** Exact first; of several that are equally near one of ours, since those are complete. */
const choose = (tags: string[], fallbackLanguage: string, own: Map<string, string>): string =>
  chooseTag([...tags, fallbackLanguage], [...Object.keys(locales), ...own.keys()]) ?? 'en'

/** The locale of a language with an operator's own texts over the built-in ones. */
function localeOf({ made }: PhrasesRoom, tag: string, fallbackLanguage: string, text: string): Locale {
  const base = chooseLocale([tag], fallbackLanguage)
  const from = `${base.tag} ${text}`
  const before = made.get(tag)
  if (before?.from === from) return before.locale
  const named = tag === base.tag ? base : { ...base, tag, name: nameOf(tag) }
  const locale = withPhrases(named, JSON.parse(text))
  made.set(tag, { from, locale })
  return locale
}

/**
 * The texts in the first of these languages that there are texts for, and which one that is.
 *
 * @example await resolvePhrases(room, ['fr', 'zh-CN'], 'en')
 */
export async function resolvePhrases(
  room: PhrasesRoom,
  tags: string[],
  fallbackLanguage: string,
): Promise<{ language: string; translation: Phrases }> {
  const own = await ownTexts(room)
  const language = choose(tags, fallbackLanguage, own)
  const known = builtInPhrases(chooseLocale([language], fallbackLanguage))
  return { language, translation: merge(known, JSON.parse(own.get(language) ?? '{}')) }
}

/**
 * Finds the texts of our pages in the first of these languages that has some, and names all languages.
 *
 * @example const { locale } = await speechOf(room, ['fr'], 'en')
 */
export async function speechOf(room: PhrasesRoom, tags: string[], fallbackLanguage: string): Promise<Speech> {
  const own = await ownTexts(room)
  const language = choose(tags, fallbackLanguage, own)
  const text = own.get(language)
  const built = Object.values(locales).map(({ tag, name }) => ({ tag, name }))
  const others = [...own.keys()].filter(tag => !Object.hasOwn(locales, tag))
  return {
    locale:
      text === undefined
        ? chooseLocale([language], fallbackLanguage)
        : localeOf(room, language, fallbackLanguage, text),
    languages: [...built, ...others.map(tag => ({ tag, name: nameOf(tag) }))],
  }
}

/** The texts of sign-in pages, built in and an operator's own over them: each use case in its room. */
export function createPhrases(db: Database, world: World) {
  const room: PhrasesRoom = { store: phraseStore(db), world, made: new Map() }
  return {
    list: listPhrases.bind(null, room),
    languages: textLanguages.bind(null, room),
    get: getPhrases.bind(null, room),
    fitting: fittingPhrases,
    put: putPhrases.bind(null, room),
    delete: deletePhrases.bind(null, room),
    builtIn: readBuiltIn,
    resolve: resolvePhrases.bind(null, room),
    speech: speechOf.bind(null, room),
  }
}

export type CustomTexts = ReturnType<typeof createPhrases>
