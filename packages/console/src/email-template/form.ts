import type { EmailTemplate } from '@countersign/api'
import { defaultMail, mailLanguageOf } from '@countersign/kit/default-mails'
import { escapeHtml } from '@countersign/kit/html'
import { type PlaceholderProblem, placeholderProblems } from '@countersign/kit/placeholders'
import type { Issue } from '../api-error.ts'

/** An e-mail template as the page edits it. */
export interface TemplateForm {
  language: string
  occasion: EmailTemplate['templateType']
  subject: string
  content: string
  kind: 'text/html' | 'text/plain'
}

/** What is filled in when an e-mail is sent, with values for the preview. */
export const VARIABLES = {
  code: '246810',
  minutes: '10',
  'application.name': 'Shop & Co',
  locale: 'en',
} as const

/** What a new template begins with: what an e-mail of the occasion says at first, in a language. */
export function newForm(
  language: string,
  { occasion = 'Generic', kind = 'text/html' }: Partial<Pick<TemplateForm, 'occasion' | 'kind'>> = {},
): TemplateForm {
  const { subject, content, text } = defaultMail(occasion, mailLanguageOf(language))
  return { language, occasion, subject, content: kind === 'text/html' ? content : text, kind }
}

/**
 * A form after a change. Where subject and content are still those that it began with, they follow its language, occasion
 * and format.
 */
export function changed(form: TemplateForm, changes: Partial<TemplateForm>): TemplateForm {
  const next = { ...form, ...changes }
  const first = newForm(form.language, form)
  const isFirst = form.subject === first.subject && form.content === first.content
  const isSameMail =
    next.language === form.language && next.occasion === form.occasion && next.kind === form.kind
  return isFirst && !isSameMail ? newForm(next.language, next) : next
}

/** What the page shows of a template; without a format it is HTML. */
export const toForm = ({ languageTag, templateType, details }: EmailTemplate): TemplateForm => ({
  language: languageTag,
  occasion: templateType,
  subject: details.subject,
  content: details.content,
  kind: details.contentType ?? 'text/html',
})

/** What the page changes of a template; what else it says is kept by the server. */
export const toDetails = ({ subject, content, kind }: TemplateForm) => ({
  subject: subject.trim(),
  content,
  contentType: kind,
})

/** The form's field for each member of what is sent. */
const FIELDS: Readonly<Record<string, keyof TemplateForm>> = {
  languageTag: 'language',
  templateType: 'occasion',
  subject: 'subject',
  content: 'content',
  contentType: 'kind',
}

/** The field that shows a member of what is sent: a template alone, or the only one of a list. */
export function placeInForm(path: Issue['path']): Issue['path'] {
  const member = path.findLast(key => Object.hasOwn(FIELDS, key))
  return member === undefined ? path : [FIELDS[member]!]
}

export type Field = 'language' | 'subject' | 'content'

/** The fields that keep a form from being saved. */
export const mistakesOf = ({ language, subject, content }: TemplateForm): Field[] => [
  ...(language.trim() === '' || language.trim().length > 16 ? (['language'] as const) : []),
  ...(subject.trim() === '' ? (['subject'] as const) : []),
  ...(content.trim() === '' ? (['content'] as const) : []),
]

/** True when the reader would never learn the code. */
export const hidesCode = ({ subject, content }: TemplateForm): boolean =>
  !/\{\{\s*code\s*\}\}/.test(subject + content)

/** Placeholders that would be sent as they stand, or with braces around what they stand for; each once. */
export const strayPlaceholders = ({ subject, content }: TemplateForm): PlaceholderProblem[] =>
  placeholderProblems(`${subject}\n${content}`)

/** A text with the preview's values in it; what is no variable stays, as it does when it is sent. */
export const filled = (text: string, kind: TemplateForm['kind']): string =>
  text.replaceAll(/\{\{\s*([\w.]+)\s*\}\}/g, (whole, name: string) => {
    if (!Object.hasOwn(VARIABLES, name)) return whole
    const value = VARIABLES[name as keyof typeof VARIABLES]
    return kind === 'text/html' ? escapeHtml(value) : value
  })
