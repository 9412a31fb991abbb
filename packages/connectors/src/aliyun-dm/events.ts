import {
  isObject,
  type Receipt,
  type ReceiptReading,
  type ReceiptRequest,
  type SendWorld,
  type Values,
} from '@countersign/kit'
import { entriesOf, given, refusedPush, saidIn, stateFor, textIn } from '../receipts/pushed.ts'
import { eventHeaders, isSameText, isSignedV1, isSignedV2 } from '../signing/eventbridge.ts'
import { isCertificateUrl, publicKeyAt } from './certificates.ts'
import { ATTEMPT_HEADER } from './limits.ts'
import type { settings as table } from './settings.ts'

type Settings = Values<typeof table>

/** How far the time of a request may be from ours, as the vendor says, in milliseconds. */
const FRESH_MS = 60_000

/**
 * Reads an event of Direct Mail that EventBridge has brought. Its signature must be right, and its token where one is
 * set. Events about anything but delivery (opened, clicked, complained, unsubscribed) are acknowledged and passed over.
 * Source: Alibaba Cloud help, EventBridge: signature of HTTP targets, and Direct Mail events.
 */
export async function readEvents(
  request: ReceiptRequest,
  settings: Settings,
  world: SendWorld,
): Promise<ReceiptReading> {
  const doubt = await doubtAbout(request, settings, world)
  if (doubt) return refusedPush(doubt.reason, doubt.status)
  const receipts = receiptsIn(request.body)
  if (!receipts) return refusedPush('The body is not the JSON of an event.')
  return { receipts, answer: { status: 200, body: {} } }
}

/** What an event says, or some in a list; undefined for what is no event at all. */
export const receiptsIn = (body: string): Receipt[] | undefined =>
  entriesOf(body)?.flatMap(event => receiptOf(event) ?? [])

interface Doubt {
  reason: string
  status: number
}

const forged = (reason: string): Doubt => ({ reason, status: 403 })

/** Why a request is not believed; the cheap reasons come first. */
async function doubtAbout(
  request: ReceiptRequest,
  settings: Settings,
  world: SendWorld,
): Promise<Doubt | undefined> {
  const { token, timestamp = '', certificateUrl = '', v1, v2 } = eventHeaders(request.headers)
  const { eventToken, region } = settings
  if (eventToken !== undefined && !isSameText(token ?? '', eventToken))
    return forged('The token is missing, or another one than the settings have.')
  if (!/^\d{1,15}$/.test(timestamp) || Math.abs(Number(timestamp) - world.now()) > FRESH_MS)
    return forged('The request is older than a minute, or the clocks differ.')
  if (v1 === undefined && v2 === undefined) return forged('There is no signature.')
  if (v2 === undefined && eventToken === undefined)
    return forged('The signature is of version 1, which proves something only beside a token: set one.')
  if (!isCertificateUrl(certificateUrl, region))
    return forged(`The certificate is not one of EventBridge in the region ${region}.`)
  const key = await publicKeyAt(certificateUrl, settings, world).catch(() => undefined)
  // The cloud comes again; nothing is known against the request.
  if (!key) return { reason: 'The certificate of EventBridge could not be fetched.', status: 503 }
  const isRight = v2 === undefined ? isSignedV1(key, request) : isSignedV2(key, request)
  return isRight ? undefined : forged('The signature is wrong, or is about another address than this one.')
}

const STATES: Readonly<Record<string, Receipt['state']>> = {
  'dm:Deliver:Succeed': 'delivered',
  'dm:Deliver:Fail': 'failed',
}

function receiptOf(event: Readonly<Record<string, unknown>>): Receipt | undefined {
  const state = stateFor(STATES, textIn(event, 'type'))
  const { source, data } = event
  if (!state || (source !== 'acs.dm' && source !== 'acs:dm') || !isObject(data)) return undefined
  const envId = textIn(data, 'env_id')
  const attemptId = isObject(data.header) ? headerIn(data.header) : undefined
  if ((envId ?? attemptId) === undefined) return undefined
  const failedType = state === 'failed' ? textIn(data, 'failed_type') : undefined
  return {
    ids: envId === undefined ? {} : { EnvId: envId },
    state,
    ...given({
      attemptId,
      to: textIn(data, 'rcpt'),
      // The reason is finer than the mail server's number, which stands in its words as well.
      code: failedType ?? textIn(data, 'err_code'),
      detail: saidIn(data, 'err_msg'),
      // Times inside the data have no offset, and nobody says whose they are.
      at: timeOf(textIn(event, 'time')),
    }),
  }
}

/** Our id of the try: mail servers on the way may write the header's name in another case. */
function headerIn(header: Record<string, unknown>): string | undefined {
  const name = Object.keys(header).find(each => each.toLowerCase() === ATTEMPT_HEADER.toLowerCase())
  return name === undefined ? undefined : textIn(header, name)
}

function timeOf(text: string | undefined): number | undefined {
  const isWhole = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(text ?? '')
  const at = isWhole ? Date.parse(text!) : Number.NaN
  return Number.isNaN(at) ? undefined : at
}
