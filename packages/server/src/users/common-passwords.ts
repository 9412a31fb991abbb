import { createRequire } from 'node:module'

/**
 * Passwords that Chinese users choose by the thousand ("I love you for ever" and its like), and that the list lacks,
 * since it was counted in other countries.
 */
const ALSO = [
  'woaini1314',
  'woaini520',
  'woaini521',
  'woaini123',
  'aini1314',
  'a5201314',
  '5845201314',
  'woaiwojia',
  'wodemima',
  'dearbook',
  'xiazhili',
]

type Library = typeof import('@zxcvbn-ts/language-common')

let known: Set<string> | undefined

/**
 * Loads the list, which takes some 70 ms and 5 MB of memory, so that only a server pays that is asked for a new
 * password. It is loaded at once, since the rules of passwords do not wait.
 */
function load(): Set<string> {
  const { dictionary } = createRequire(import.meta.url)('@zxcvbn-ts/language-common') as Library
  return new Set([...dictionary['passwords-common'], ...ALSO])
}

/**
 * True for one of the 49,000 passwords that breaches show most often, in capital letters or not. The list is in a
 * package, so nobody outside is asked. It leaves out many that only repeat or count (`88888888`, `87654321`): the rule
 * against repetitions and sequences refuses those.
 *
 * @example isCommon('Football1') // true
 */
export function isCommon(password: string): boolean {
  known ??= load()
  return known.has(password.toLowerCase())
}
