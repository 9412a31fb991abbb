import { type ByRegion, forDestination, SendError } from '@countersign/kit'
import type { Destination } from './phone.ts'

interface Row {
  usageType: string
  templateCode: string | ByRegion
}

/**
 * The template for a usage type and a destination, else the one for `Generic` and the destination.
 *
 * @throws SendError `message_rejected` (`template_missing`) without a row, `region_unsupported`
 *   (`overseas_template_missing`, `china_template_missing`) when the rows have none for the destination
 */
export function templateFor<R extends Row>(
  rows: readonly R[],
  usageType: string,
  destination: Destination,
): { row: R; templateCode: string } {
  let found = false
  for (const type of [usageType, 'Generic']) {
    const row = rows.find(each => each.usageType === type)
    if (!row) continue
    found = true
    const templateCode = forDestination(row.templateCode, destination)
    if (templateCode !== undefined) return { row, templateCode }
  }
  if (!found) throw new SendError('message_rejected', { code: 'template_missing' })
  throw new SendError('region_unsupported', { code: `${destination}_template_missing` })
}
