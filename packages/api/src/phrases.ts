import { z } from 'zod'
import { JsonObject } from './common.ts'
import { defineRoute } from './route.ts'

/** Tags that Logto takes although no such language, or region, is known to ISO. */
const BEYOND_ISO = ['cb-IQ', 'cx-PH', 'eo-EO', 'ja-KS', 'sy-SY', 'sz-PL', 'tz-MA', 'zz-TR']

function isLanguageTag(tag: string): boolean {
  if (BEYOND_ISO.includes(tag)) return true
  const [language, region] = /^[a-z]{2}(?:-(?:[A-Z]{2}|\d{3}))?$/.test(tag) ? tag.split('-') : []
  if (language === undefined) return false
  const known = (type: 'language' | 'region', code: string) =>
    new Intl.DisplayNames(['en'], { type, fallback: 'none' }).of(code) !== undefined
  return known('language', language) && (region === undefined || known('region', region))
}

/** A language, or a language as one region speaks it. */
export const LanguageTag = z.string().refine(isLanguageTag, 'must be a language such as fr or fr-CA')

export const CustomPhrases = z.object({
  tenantId: z.string(),
  id: z.string(),
  languageTag: z.string(),
  /** Texts, in groups. */
  translation: JsonObject,
})
export type CustomPhrases = z.output<typeof CustomPhrases>

const tag = 'Custom phrases'
const auth = 'management'
const byLanguage = z.object({ languageTag: LanguageTag })

/** Texts of sign-in pages, as an operator wants them. */
export const phraseRoutes = {
  listCustomPhrases: defineRoute({
    method: 'get',
    path: '/api/custom-phrases',
    operationId: 'ListCustomPhrases',
    tag,
    auth,
    summary: 'List the languages that have texts of their own',
    answers: { 200: z.array(CustomPhrases) },
  }),
  getCustomPhrases: defineRoute({
    method: 'get',
    path: '/api/custom-phrases/{languageTag}',
    operationId: 'GetCustomPhrase',
    tag,
    auth,
    summary: 'Read the own texts of a language',
    params: byLanguage,
    answers: { 200: CustomPhrases },
  }),
  putCustomPhrases: defineRoute({
    method: 'put',
    path: '/api/custom-phrases/{languageTag}',
    operationId: 'ReplaceCustomPhrase',
    tag,
    auth,
    summary: 'Write the own texts of a language, in groups as the built-in ones are',
    params: byLanguage,
    body: JsonObject,
    answers: { 201: CustomPhrases },
  }),
  deleteCustomPhrases: defineRoute({
    method: 'delete',
    path: '/api/custom-phrases/{languageTag}',
    operationId: 'DeleteCustomPhrase',
    tag,
    auth,
    summary: 'Delete the own texts of a language',
    params: byLanguage,
    answers: { 204: null },
  }),
  /** Not Logto's: what an operator's own texts take the place of. */
  getBuiltInPhrases: defineRoute({
    method: 'get',
    path: '/api/custom-phrases/{languageTag}/built-in',
    operationId: 'GetBuiltInPhrases',
    tag,
    auth,
    summary: 'Read the built-in texts that fit a language best, and which languages are built in',
    params: byLanguage,
    answers: {
      200: z.object({ languages: z.array(z.string()), languageTag: z.string(), translation: JsonObject }),
    },
  }),
  getPhrases: defineRoute({
    method: 'get',
    path: '/api/.well-known/phrases',
    operationId: 'GetSignInExperiencePhrases',
    tag: 'Well-known',
    auth: 'none',
    summary: 'Read the texts of sign-in pages in the language that fits best',
    query: z.object({ lng: z.string().optional() }),
    answers: { 200: z.object({ translation: JsonObject }) },
  }),
}
