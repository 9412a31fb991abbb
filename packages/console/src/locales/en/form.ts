const isPredicate = (message: string) =>
  /^(must|is|are|has|have|holds|needs|stands|cannot|may)\b/.test(message)
const ended = (sentence: string) => (/[.?!]$/.test(sentence) ? sentence : `${sentence}.`)

/** Why a field cannot be sent as it is. Each sentence begins with what the field is called. */
export const form = {
  form: {
    empty: (label: string) => `${label} must not be empty.`,
    text: (label: string) => `${label} must be text. In JSON, put it between double quotes.`,
    shortest: (label: string, least: number) => `${label} must have at least ${least} characters.`,
    longest: (label: string, most: number) => `${label} must have at most ${most} characters.`,
    number: (label: string) => `${label} must be a number.`,
    whole: (label: string) => `${label} must be a whole number.`,
    between: (label: string, least: number, most: number) =>
      `${label} must be a whole number from ${least} to ${most}.`,
    least: (label: string, least: number) => `${label} must be at least ${least}.`,
    most: (label: string, most: number) => `${label} must be at most ${most}.`,
    fewest: (label: string, least: number) => `${label} must have at least ${least} entries.`,
    several: (label: string, most: number) => `${label} must have at most ${most} entries.`,
    yesNo: (label: string) => `${label} must be true or false.`,
    list: (label: string) => `${label} must be a list.`,
    object: (label: string) => `${label} must be an object.`,
    choice: (label: string) => `${label} must be one of the values on offer.`,
    address: (label: string) => `${label} must be a full address, such as https://example.com.`,
    email: (label: string) => `${label} must be an e-mail address, such as name@example.com.`,
    unknown: (label: string, names: string) => `${label} holds what nobody knows here: ${names}.`,
    invalid: (label: string) => `${label} is not valid. Check what you typed.`,
    /** What the server says in its own words, which go on from the label. */
    said: (label: string, message: string) =>
      ended(isPredicate(message) ? `${label} ${message}` : `${label}: ${message}`),
    /** A member for which the form has no field, by its names. */
    without: (names: string) => `“${names}” (not shown in this form)`,
    line: (label: string, line: number) => `${label}, line ${line}`,
    row: (label: string, row: number) => `${label}, row ${row}`,
    inRow: (row: string, label: string) => `${row}: ${label}`,
    at: (line: number, sentence: string) => `Line ${line}: ${sentence}`,
  },
}
