const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Me}]/gu
const DIGIT = /\p{Nd}/u

/** What a decimal digit of any script counts: each script has its ten in a row, from zero on. */
function worthOf(digit: string): number {
  let before = 0
  let point = digit.codePointAt(0)!
  for (point -= 1; DIGIT.test(String.fromCodePoint(point)); point -= 1) before += 1
  return before % 10
}

/**
 * A text with the decimal digits of every script as those of ASCII, and without what nobody sees: directional marks,
 * joiners, variation selectors, the frames of emoji digits. Everything else stays.
 *
 * @example asciiDigits('١٢٣４５６') // '123456'
 */
export const asciiDigits = (text: string): string =>
  text
    .replaceAll(INVISIBLE, '')
    .replaceAll(/\p{Nd}/gu, digit => (digit <= '9' ? digit : String(worthOf(digit))))

/**
 * Takes the digits out of a text, whatever script they are written in and whatever stands between them.
 *
 * @example onlyDigits('７３９-152') // '739152'
 */
export const onlyDigits = (text: string): string => asciiDigits(text.normalize('NFKC')).replaceAll(/\D/g, '')
