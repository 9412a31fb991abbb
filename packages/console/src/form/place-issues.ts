import { ApiError, type Issue, issuesOf, sentenceOf } from '../api-error.ts'
import type { Texts } from '../locales/en.ts'
import { sayIssue } from './say-issue.ts'

/**
 * What a field is called. Where a part of it can be named (a line of a list), `rest` is the path from the field on.
 */
export type Label = string | ((rest: readonly (string | number)[]) => string)

/** The fields of a form: what each is called, by the path of its member in what is sent. */
export type Labels = Readonly<Record<string, Label>>

/** The member that a refusal is about which names none. The first that a form has a field for gets the sentence. */
const MEMBERS_OF_CODE: Readonly<Record<string, readonly string[]>> = {
  'application.secret_name_exists': ['name'],
  'hook.missing_events': ['events'],
  'localization.invalid_translation_structure': ['text'],
  'operator.name_in_use': ['name'],
  'operator.wrong_password': ['currentPassword'],
  'password.rejected': ['password'],
  'session.invalid_credentials': ['password'],
  'sign_in_experiences.code_length_not_supported': ['verificationCodePolicy.codeLength'],
  'sign_in_experiences.unsupported_default_language': ['languageInfo.fallbackLanguage'],
  'test_identity.already_exists': ['value'],
  'user.email_already_in_use': ['primaryEmail', 'value'],
  'user.invalid_email': ['primaryEmail', 'value'],
  'user.invalid_phone': ['primaryPhone', 'value'],
  'user.phone_already_in_use': ['primaryPhone', 'value'],
  'user.same_password': ['password'],
  'user.username_already_in_use': ['username', 'value'],
}

/** What the server said, by field, and what is about no field. */
export interface Placed {
  at: ReadonlyMap<string, string>
  elsewhere: readonly string[]
}

/** The field of a path: the member itself, or the nearest one around it. */
export function fieldOf(labels: Labels, path: Issue['path']): string | undefined {
  for (let length = path.length; length > 0; length -= 1) {
    const name = path.slice(0, length).join('.')
    if (Object.hasOwn(labels, name)) return name
  }
  return undefined
}

function nameOf(label: Label, rest: Issue['path']): string {
  return typeof label === 'string' ? label : label(rest)
}

/** What a field is called as a whole. */
export const labelOf = (labels: Labels, field: string): string => nameOf(labels[field] ?? field, [])

/** Refusals whose own sentence says no more than that the values are named one by one. */
const NAMES_VALUES = ['guard.invalid_input', 'connector.invalid_config']

/** An error in sentences, where there are no fields to say them at. */
export function sentencesOf(error: unknown, texts: Pick<Texts, 'form' | 'errors'>): string[] {
  const { elsewhere } = placeIssues(error, {}, texts)
  const isNamed = error instanceof ApiError && NAMES_VALUES.includes(error.code)
  const own = issuesOf(error).length === 0 || isNamed ? [] : [sentenceOf(error, texts.errors)]
  return [...own, ...elsewhere]
}

/**
 * Puts every complaint of an error where a form shows it, in the operator's words.
 *
 * @param placed gives the form's path for one of what is sent, where they differ
 */
export function placeIssues(
  error: unknown,
  labels: Labels,
  texts: Pick<Texts, 'form' | 'errors'>,
  placed: (path: Issue['path']) => Issue['path'] = path => path,
): Placed {
  const at = new Map<string, string>()
  const elsewhere: string[] = []
  if (error === undefined || error === null) return { at, elsewhere }
  const add = (field: string, sentence: string) =>
    at.set(field, at.has(field) && at.get(field) !== sentence ? `${at.get(field)} ${sentence}` : sentence)
  const issues = issuesOf(error).map(issue => ({ ...issue, path: placed(issue.path) }))
  const code = error instanceof ApiError ? error.code : ''
  const meant = MEMBERS_OF_CODE[code]?.find(member => Object.hasOwn(labels, member))
  for (const issue of issues) {
    const field = fieldOf(labels, issue.path)
    if (field !== undefined) {
      const rest = issue.path.slice(field.split('.').length)
      // One complaint a field: an empty value often breaks several rules, and the first says enough.
      if (!at.has(field)) add(field, sayIssue(issue, nameOf(labels[field]!, rest), texts.form))
    } else if (issue.path.length > 0)
      elsewhere.push(sayIssue(issue, texts.form.without(issue.path.join(' › ')), texts.form))
    // Without a path it is a sentence already, e.g. what the policy has against a password.
    else if (meant !== undefined) add(meant, issue.message)
    else elsewhere.push(issue.message)
  }
  if (issues.length === 0) {
    const sentence = sentenceOf(error, texts.errors)
    if (meant === undefined) elsewhere.push(sentence)
    else add(meant, sentence)
  }
  return { at, elsewhere }
}
