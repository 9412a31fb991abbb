import { verificationCodeRoutes } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import { addressOf } from '../http/proxies.ts'
import { readRecipient } from '../identifiers/recipient.ts'
import type { Challenge, ChallengeRoom } from './challenges.ts'
import { check } from './check.ts'
import { send } from './send.ts'

/** Tells a back end that no answer came after the message had left: it may arrive, and its code is good. */
const UNCONFIRMED = { 'Countersign-Delivery': 'unconfirmed' }

/** An e-mail address goes before a phone number. */
function challengeOf(body: { email?: string | undefined; phone?: string | undefined }): Challenge {
  const { email, phone = '' } = body
  const identifier =
    email === undefined ? { type: 'phone' as const, value: phone } : { type: 'email' as const, value: email }
  return { recipient: readRecipient(identifier), usageType: 'Generic', scope: 'api' }
}

/**
 * Codes for back ends.
 *
 * @example mountVerificationCodes(mount, challenges)
 */
export function mountVerificationCodes(mount: Mount, room: ChallengeRoom): void {
  const routes = verificationCodeRoutes
  mount
    .add(routes.createVerificationCode, async ({ body }, { ip }) => {
      const outcome = await send(room, {
        ...challengeOf(body),
        askedBy: { asker: { by: 'api' }, ip, visitorIp: addressOf(body.clientAddress) },
        voidsOlder: true,
      })
      return { status: 204, ...(outcome === 'unconfirmed' && { headers: UNCONFIRMED }) }
    })
    .add(routes.verifyVerificationCode, async ({ body }) => {
      await check(room, { ...challengeOf(body), code: body.verificationCode })
      return { status: 204 }
    })
}
