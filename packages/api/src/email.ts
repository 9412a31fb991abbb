import { z } from 'zod'

/** Why no message can go to an address. */
export type EmailProblem = 'shape' | 'domain' | 'sign' | 'dots' | 'long'

/** An address in its one form, or why it has none. */
export type ReadEmail =
  | { address: string; problem?: undefined }
  | { address?: undefined; problem: EmailProblem; sign?: string }

/** What nobody sees: joiners, marks of direction, soft hyphens, variation selectors, and blanks that are no spaces. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB\u2800]/gu

/** Of these, what tells apart two names of Persian or Indian domains, where the rules of domain names allow it. */
const INVISIBLE_IN_DOMAINS = /(?![\u200C\u200D])[\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB\u2800]/gu

/** Full-width ASCII, as Chinese and Japanese keyboards type it, and the small at sign beside it. */
const WIDE = /[\uFF01-\uFF5E\uFE6B]/g
const narrow = (sign: string) =>
  sign === '\uFE6B' ? '@' : String.fromCharCode(sign.charCodeAt(0) - 0xff01 + 0x21)

/** The full stops that stand for the dot of a name, in names of domains by Unicode's rules. */
const FULL_STOPS = /[\u3002\uFF61]/g

const inPlainSigns = (text: string) => text.replaceAll(WIDE, narrow).replaceAll(FULL_STOPS, '.')

/**
 * Puts ASCII signs in the place of full-width ones, and leaves invisible ones out.
 *
 * @example plainSigns('ｉｄａ＠example。com') // 'ida@example.com'
 */
export const plainSigns = (text: string): string => inPlainSigns(text).replaceAll(INVISIBLE, '')

/** Longest text that is read at all; what is typed may have signs that nobody sees. */
const LONGEST = 256

/** Logto's rule. Written so that there is one way alone to match a text: of many dots no two can both be the dot. */
const SHAPE = /^[^\s@]+@[^\s@][^\s@.]*\.[^\s@]+$/

/** A label after this one cannot be a number, so no domain is taken for an IPv4 address, and `xn--` labels are checked. */
const CHECKED = { label: '.例', ascii: '.xn--fsq' }

/** Domains whose servers gave their users addresses with dots where the standard has none, and still take them. */
const FREE_DOTS: ReadonlySet<string> = new Set(['docomo.ne.jp', 'ezweb.ne.jp'])

/** No standard lets these stand before the at sign without quotes, and between quotes no provider takes them. */
const NO_ATOM = /[()<>[\]:;,"\\\p{Cc}\p{Cs}\p{Co}\uFFFD]/u

const bytesOf = (text: string) => new TextEncoder().encode(text).length

/** A domain as name servers know it, small and in ASCII; undefined where there can be no such domain. */
function asciiDomain(domain: string): string | undefined {
  if (/[%\s]/.test(domain) || !URL.canParse(`http://${domain}${CHECKED.label}`)) return undefined
  const { hostname } = new URL(`http://${domain}${CHECKED.label}`)
  if (!hostname.endsWith(CHECKED.ascii)) return undefined
  const name = hostname.slice(0, -CHECKED.ascii.length)
  const labels = name.split('.')
  const isName = labels.every(label => /^[a-z\d_](?:[\w-]{0,61}[a-z\d_])?$/.test(label))
  return isName && labels.length > 1 && !/^\d+$/.test(labels.at(-1)!) && name.length <= 253 ? name : undefined
}

function readDomain(text: string): string | undefined {
  const domain = text.replaceAll(INVISIBLE_IN_DOMAINS, '').replace(/\.$/, '')
  return asciiDomain(domain) ?? asciiDomain(domain.replaceAll(INVISIBLE, ''))
}

/** What stands before the at sign: quotes that change nothing are taken off. */
function readLocal(text: string): string {
  const local = text.replaceAll(INVISIBLE, '').normalize('NFC')
  const [, quoted] = /^"([^"\\]+)"$/.exec(local) ?? []
  return quoted === undefined || NO_ATOM.test(quoted) || hasStrayDot(quoted) ? local : quoted
}

const hasStrayDot = (local: string) => /^\.|\.\.|\.$/.test(local)

/**
 * An e-mail address in the one form in which it is shown, stored and sent to: the domain as name servers know it, small
 * and in ASCII; full-width signs as their ASCII ones; without what nobody sees; otherwise as it was given. Two addresses
 * are one when these forms differ by case alone.
 *
 * @example readEmail('Ida＠Bücher.example.com') // { address: 'Ida@xn--bcher-kva.example.com' }
 */
export function readEmail(text: string): ReadEmail {
  if (text.length > LONGEST) return { problem: 'long' }
  const plain = inPlainSigns(text)
  if (!SHAPE.test(plain.replaceAll(INVISIBLE, ''))) return { problem: 'shape' }
  const at = plain.lastIndexOf('@')
  const local = readLocal(plain.slice(0, at))
  const [sign] = NO_ATOM.exec(local) ?? []
  if (sign !== undefined) return { problem: 'sign', sign }
  const domain = readDomain(plain.slice(at + 1))
  if (domain === undefined) return { problem: 'domain' }
  if (hasStrayDot(local) && !FREE_DOTS.has(domain)) return { problem: 'dots' }
  const address = `${local}@${domain}`
  return bytesOf(local) > 64 || bytesOf(address) > 254 ? { problem: 'long' } : { address }
}

/**
 * Says what is wrong with an address, after the name of its field.
 *
 * @example emailComplaint({ problem: 'shape' }) // 'must be an e-mail address such as name@example.com'
 */
export function emailComplaint({ problem, sign }: { problem: EmailProblem; sign?: string }): string {
  switch (problem) {
    case 'domain':
      return 'must have a domain after the @ that mail can go to, such as example.com'
    case 'sign':
      return `must not have ${JSON.stringify(sign)} before the @, where no mail server takes it`
    case 'dots':
      return 'must not begin or end with a dot before the @, nor have two in a row there'
    case 'long':
      return 'must have at most 64 bytes before the @, and 254 in all, which is the most that mail servers take'
    case 'shape':
      return 'must be an e-mail address such as name@example.com'
  }
}

/** An e-mail address; parsed it has its one form. Logto's rule, and no address that no mail server could take. */
export const Email = z
  .string()
  .max(LONGEST)
  .overwrite(text => readEmail(text).address ?? inPlainSigns(text))
  .regex(SHAPE, emailComplaint({ problem: 'shape' }))
  .superRefine((text, context) => {
    const { problem, ...rest } = readEmail(text)
    if (problem && problem !== 'shape' && text.length <= LONGEST)
      context.addIssue({ code: 'custom', message: emailComplaint({ problem, ...rest }) })
  })
