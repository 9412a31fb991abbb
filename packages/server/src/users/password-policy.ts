import type { PasswordIssue, SignInExperience } from '@countersign/api'
import { emailSpellings, folded, phoneSpellings, withoutTag } from '../identifiers/spellings.ts'
import { isCommon } from './common-passwords.ts'

export interface PasswordProblem {
  code: PasswordIssue
  interpolation?: Record<string, number>
}

/** The data of a user with which the rule against personal passwords compares. */
export interface PersonalData {
  name?: string | null
  username?: string | null
  email?: Several
  phone?: Several
}

/** One, or those that a person has and those that are about to become theirs. */
type Several = string | null | undefined | readonly (string | null | undefined)[]

const SEQUENCES = [
  '0123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz',
  '2wsx',
  '3edc',
  '4rfv',
  '5tgb',
  '6yhn',
  '7ujm',
  '8ik',
  '9ol',
].flatMap(sequence => [sequence, [...sequence].reverse().join('')])

const SHORTEST_RUN = 3

/** Longer passwords are judged by their beginning: the work grows faster than the text. */
const LONGEST_LOOKED_THROUGH = 512

/** Counts the characters from a position on that are easy to guess. */
type Run = (text: string, start: number) => number

const repetition: Run = (text, start) => {
  let end = start + 1
  while (text[end] === text[start]) end += 1
  return end - start
}

/** Follows a known sequence, all in one case. */
const sequence: Run = (text, start) => {
  const run = (cased: string) => {
    const at = cased.indexOf(text[start]!)
    let length = 0
    while (at >= 0 && at + length < cased.length && text[start + length] === cased[at + length]) length += 1
    return length
  }
  return Math.max(...SEQUENCES.flatMap(known => [run(known), run(known.toUpperCase())]))
}

function containedWord(words: string[]): Run {
  const known = words.map(word => word.toLowerCase()).filter(word => word.length >= SHORTEST_RUN)
  return (text, start) =>
    Math.max(
      0,
      ...known
        .filter(word => text.slice(start, start + word.length).toLowerCase() === word)
        .map(word => word.length),
    )
}

/** Marks what is easy to guess; when that is nearly everything, says of which kinds it is. */
function guessable(text: string, kinds: [PasswordIssue, Run][]): PasswordIssue[] {
  const marked = new Set<number>()
  const found = kinds.filter(([, lengthAt]) => {
    let hit = false
    for (let start = 0; start < text.length; start += 1) {
      const length = lengthAt(text, start)
      if (length < SHORTEST_RUN) continue
      hit = true
      for (let index = start; index < start + length; index += 1) marked.add(index)
    }
    return hit
  })
  return marked.size > Math.max(1, text.length - 3) ? found.map(([code]) => code) : []
}

const listOf = (several: Several): string[] =>
  (Array.isArray(several) ? several : [several]).filter((each): each is string => !!each)

function personalWords({ name, username, email, phone }: PersonalData): string[] {
  const names = name ? [name, name.replaceAll(' ', ''), ...name.split(' ')] : []
  const locals = listOf(email).map(address => address.split('@')[0])
  const numbers = listOf(phone).flatMap(number => [number, ...phoneSpellings(number)])
  return [...names, username, ...locals, ...numbers].filter((word): word is string => !!word)
}

/** True when a password is hardly more than the person's own number or address, however it is written. */
function isOwnIdentifier(password: string, { email, phone }: PersonalData): boolean {
  const own = containedWord([
    ...listOf(phone).flatMap(phoneSpellings),
    ...listOf(email).flatMap(emailSpellings),
  ])
  return [password, withoutTag(password)].some(
    text => guessable(folded(text), [['password_rejected.restricted.user_info', own]]).length > 0,
  )
}

/**
 * Lists what the password policy has against a password; nothing when it may be used. The rule "pwned" asks no
 * breach service, which would tell a third party that a password is being set; it knows the most common passwords.
 *
 * @example passwordProblems('ada', { length: { min: 8, max: 256 } }) // one problem: it is too short
 */
export function passwordProblems(
  password: string,
  policy: SignInExperience['passwordPolicy'],
  personal: PersonalData = {},
): PasswordProblem[] {
  const problems: PasswordProblem[] = []
  const { min = 8, max = 256 } = policy.length ?? {}
  const rejects = { pwned: true, repetitionAndSequence: true, userInfo: true, words: [], ...policy.rejects }
  if (password.length < min) problems.push({ code: 'password_rejected.too_short', interpolation: { min } })
  if (password.length > max) problems.push({ code: 'password_rejected.too_long', interpolation: { max } })
  if (!/^[\x20-\x7E]*$/.test(password)) problems.push({ code: 'password_rejected.unsupported_characters' })
  const types = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter(type => type.test(password)).length
  const least = policy.characterTypes?.min ?? 1
  if (types < least)
    problems.push({ code: 'password_rejected.character_types', interpolation: { min: least } })
  if (rejects.pwned && isCommon(password)) problems.push({ code: 'password_rejected.pwned' })

  const kinds: [PasswordIssue, Run][] = []
  if (rejects.repetitionAndSequence) {
    kinds.push(['password_rejected.restricted.repetition', repetition])
    kinds.push(['password_rejected.restricted.sequence', sequence])
  }
  kinds.push(['password_rejected.restricted.words', containedWord(rejects.words ?? [])])
  if (rejects.userInfo)
    kinds.push(['password_rejected.restricted.user_info', containedWord(personalWords(personal))])
  const beginning = password.slice(0, LONGEST_LOOKED_THROUGH)
  const found = new Set(guessable(beginning, kinds))
  if (rejects.userInfo && isOwnIdentifier(beginning, personal))
    found.add('password_rejected.restricted.user_info')
  problems.push(...[...found].map(code => ({ code })))
  return problems
}
