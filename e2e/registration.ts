import { createVisitor } from '../packages/cli/src/visitor.ts'
import type { Ready } from './ready.ts'

/** Somebody registers by phone and stays signed in. Returns the user's id. */
export async function registerByPhone(
  { product, application, inbox }: Ready,
  value: string,
): Promise<string> {
  const visitor = await createVisitor(product.endpoint, application)
  const identifier = { type: 'phone', value } as const
  const interactionEvent = 'Register'
  await visitor.open()
  await visitor.experience('PUT', '', { interactionEvent })
  const sent = await visitor.experience('POST', '/verification/verification-code', {
    identifier,
    interactionEvent,
  })
  const { verificationId } = sent.body
  const { code } = await inbox.next(value)
  await visitor.experience('POST', '/verification/verification-code/verify', {
    identifier,
    verificationId,
    code,
  })
  await visitor.experience('POST', '/identification', { verificationId })
  const { body } = await visitor.experience('POST', '/submit')
  return String((await visitor.finish(String(body.redirectTo))).claims.sub)
}
