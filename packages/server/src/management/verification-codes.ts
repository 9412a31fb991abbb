import { verificationCodeRoutes } from '@countersign/api'
import type { Codes, Purpose } from '../codes/codes.ts'
import type { Connections } from '../connections/connections.ts'
import type { Delivery } from '../delivery/delivery.ts'
import { wasRefused } from '../delivery/refusal.ts'
import { codePolicy, type Experience, minutesOf } from '../experience/experience.ts'
import type { Mount } from '../http/mount.ts'
import { asMainlandMobile } from '../identifiers/phone.ts'
import type { Limits } from '../limits/limits.ts'
import type { FixedCodes } from '../test-identities/test-identities.ts'
import { requirePhone } from '../users/possible-phone.ts'

/** Tells a back end that no answer came after the message had left: it may arrive, and its code is good. */
const UNCONFIRMED = { 'Countersign-Delivery': 'unconfirmed' }

/** Codes for back ends. */
export function mountVerificationCodes(
  mount: Mount,
  deps: {
    codes: Codes
    delivery: Delivery
    experience: Experience
    limits: Limits
    testIdentities: FixedCodes
    connections: Pick<Connections, 'byChannel'>
  },
): void {
  const { codes, delivery, experience, limits, connections, testIdentities } = deps
  const routes = verificationCodeRoutes
  /** An e-mail address goes before a phone number; the spelling given is the one that must come back. */
  const purposeOf = ({
    email,
    phone,
  }: {
    email?: string | undefined
    phone?: string | undefined
  }): Purpose => ({
    usageType: 'Generic',
    recipient: email ?? phone ?? '',
    scope: 'api',
  })
  mount
    .add(routes.createVerificationCode, async ({ body }, { ip }) => {
      const purpose = purposeOf(body)
      const channel = body.email === undefined ? 'sms' : 'email'
      const [settings, connection] = await Promise.all([experience.read(), connections.byChannel(channel)])
      const policy = codePolicy(settings, connection?.connector)
      const type = body.email === undefined ? 'phone' : 'email'
      const fixed = await testIdentities.codeFor({ type, value: purpose.recipient }, purpose.usageType)
      const unsent = fixed !== undefined
      // Eleven digits without a country are a mainland number to a back end, as connectors dial them.
      if (type === 'phone' && !asMainlandMobile(purpose.recipient))
        await requirePhone(purpose.recipient, async () => unsent)
      const reservation = await limits.reserveSend(purpose.recipient, { unsent })
      const issued = codes.begin(purpose, policy, fixed)
      try {
        const message = {
          channel,
          to: purpose.recipient,
          usageType: 'Generic',
          payload: { code: issued.code, minutes: minutesOf(policy) },
          ip,
          unsent,
        } as const
        const outcome = await delivery.deliver(message, { before: issued.stored, after: issued.settle })
        return { status: 204, ...(outcome === 'unconfirmed' && { headers: UNCONFIRMED }) }
      } catch (error) {
        await issued.withdraw()
        await reservation.release({ tried: wasRefused(error) })
        throw error
      }
    })
    .add(routes.verifyVerificationCode, async ({ body }) => {
      await codes.verify(purposeOf(body), body.verificationCode, codePolicy(await experience.read()))
      return { status: 204 }
    })
}
