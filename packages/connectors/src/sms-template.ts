import {
  type ByRegion,
  chooseTemplate,
  DESTINATIONS,
  type Destination,
  forDestination,
  type Message,
  SendError,
} from '@countersign/kit'

interface Row {
  usageType: string
  templateCode: string | ByRegion
  locale?: string | undefined
}

/**
 * What a template is for when its code stands alone in the row: of Aliyun SMS for the mainland only. What that cloud
 * gets for an American number is eleven digits without a sign, and with a mainland template it would take them for a
 * mainland number.
 */
export const PLAIN_AT_ALIYUN: readonly Destination[] = ['china']

/**
 * Of Tencent Cloud it may be of either kind. Numbers go there with their country code and a `+`, so that one of the
 * wrong kind is refused by the cloud and reaches nobody.
 */
export const PLAIN_AT_TENCENT: readonly Destination[] = DESTINATIONS

/** What a row has for a destination. Where no code can be for both, one that stands for the mainland is none for abroad. */
function codeOf(
  { templateCode }: Pick<Row, 'templateCode'>,
  rows: readonly Pick<Row, 'templateCode'>[],
  destination: Destination,
  plain: readonly Destination[],
): string | undefined {
  const code = forDestination(templateCode, destination, plain)
  const isOfMainland =
    destination === 'overseas' &&
    !plain.includes(destination) &&
    rows.some(other => forDestination(other.templateCode, 'china', plain) === code)
  return isOfMainland ? undefined : code
}

/**
 * The template for a message: of the rows that have one for the destination, the one in the reader's language and for the
 * usage type, as mail chooses its own.
 *
 * @param plain what a code that stands alone is for
 * @throws SendError `message_rejected` (`template_missing`) without a row, `region_unsupported`
 *   (`overseas_template_missing`, `china_template_missing`) when the rows have none for the destination
 */
export function templateFor<R extends Row>(
  rows: readonly R[],
  { usageType, payload, fallbackLocale }: Pick<Message, 'usageType' | 'payload' | 'fallbackLocale'>,
  destination: Destination,
  plain: readonly Destination[],
): { row: R; templateCode: string } {
  const serving = rows.filter(row => codeOf(row, rows, destination, plain) !== undefined)
  const row = chooseTemplate(serving, usageType, payload.locale, fallbackLocale)
  if (row) return { row, templateCode: codeOf(row, rows, destination, plain)! }
  if (!chooseTemplate(rows, usageType)) throw new SendError('message_rejected', { code: 'template_missing' })
  throw new SendError('region_unsupported', { code: `${destination}_template_missing` })
}

/** The destinations for which rows have a template, be it for one usage type only. */
export const destinationsOf = (
  rows: readonly Pick<Row, 'templateCode'>[],
  plain: readonly Destination[],
): Destination[] =>
  DESTINATIONS.filter(destination => rows.some(row => codeOf(row, rows, destination, plain) !== undefined))
