const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Me}]/gu
const DIGIT = /\p{Nd}/u

/** The digits that were met so far, of which there are some hundreds, so that a long text costs no more than its length. */
const known = new Map<string, string>()

/** What a decimal digit of any script counts: each script has its ten in a row, from zero on. */
function worthOf(digit: string): string {
  const before = known.get(digit)
  if (before !== undefined) return before
  let count = 0
  let point = digit.codePointAt(0)!
  for (point -= 1; DIGIT.test(String.fromCodePoint(point)); point -= 1) count += 1
  const worth = String(count % 10)
  known.set(digit, worth)
  return worth
}

/**
 * A text with the decimal digits of every script as those of ASCII, and without what nobody sees: directional marks,
 * joiners, variation selectors, the frames of emoji digits. Everything else stays.
 *
 * @example asciiDigits('١٢٣４５６') // '123456'
 */
export const asciiDigits = (text: string): string =>
  text.replaceAll(INVISIBLE, '').replaceAll(/\p{Nd}/gu, digit => (digit <= '9' ? digit : worthOf(digit)))

/**
 * Takes the digits out of a text, whatever script they are written in and whatever stands between them.
 *
 * @example onlyDigits('７３９-152') // '739152'
 */
export const onlyDigits = (text: string): string => asciiDigits(text.normalize('NFKC')).replaceAll(/\D/g, '')
