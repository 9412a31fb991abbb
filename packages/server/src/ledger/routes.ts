import { messageRoutes } from '@countersign/api'
import type { z } from 'zod'
import { csvHeaders } from '../http/csv.ts'
import type { Mount } from '../http/mount.ts'
import { readTimeWindow } from '../http/query.ts'
import { normalizePhone } from '../identifiers/phone.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { Ledger } from './ledger.ts'
import type { ListFilter } from './list.ts'

const NOT_WHOLE = 'must be a whole phone number or e-mail address: parts of one cannot be found'

/** What an operator typed, when it is whole; undefined when nothing was typed. @throws ApiError naming `recipient` */
function wholeRecipient(typed: string | undefined): string | undefined {
  const text = typed?.trim()
  if (!text) return undefined
  if (/.[@\uFF20\uFE6B]./.test(text) || normalizePhone(text) !== undefined) return text
  throw new ApiError('guard.invalid_input', {
    data: { issues: [{ code: 'custom', path: ['recipient'], message: NOT_WHOLE }], name: 'ZodError' },
    details: `Error in key path "recipient": (custom) ${NOT_WHOLE}`,
  })
}

/** What a list is cut down to. */
const filterOf = ({
  recipient,
  country,
  connector,
  connectionId,
  state,
  usageType,
  applicationId,
  ...query
}: z.output<typeof messageRoutes.exportMessages.query>): ListFilter => ({
  recipient: wholeRecipient(recipient),
  country,
  connector,
  connectionId,
  state,
  usageType,
  applicationId,
  ...readTimeWindow(query),
})

/**
 * What became of messages, for operators.
 *
 * @example mountMessages(mount, ledger)
 */
export function mountMessages(mount: Mount, ledger: Pick<Ledger, 'list' | 'export' | 'refusals'>): void {
  mount
    .add(messageRoutes.listMessages, async ({ query }, { page }) => {
      const { messages, total, capped } = await ledger.list(filterOf(query), page)
      return { status: 200, body: messages, total, capped }
    })
    .add(messageRoutes.exportMessages, async ({ query }) => ({
      status: 200,
      text: await ledger.export(filterOf(query)),
      headers: csvHeaders('deliveries'),
    }))
    .add(messageRoutes.countRefusals, async () => ({ status: 200, body: await ledger.refusals() }))
}
