import { z } from 'zod'
import { Phone, TypedCode } from './common.ts'
import { Email } from './email.ts'
import { defineRoute } from './route.ts'

const recipient = { email: Email.optional(), phone: Phone.optional() }
const oneRecipient = (body: { email?: string; phone?: string }) =>
  body.email !== undefined || body.phone !== undefined
const needed = { message: 'give email or phone', path: ['phone'] }

const tag = 'Verification codes'
const auth = 'management'

export const verificationCodeRoutes = {
  createVerificationCode: defineRoute({
    method: 'post',
    path: '/api/verification-codes',
    operationId: 'CreateVerificationCode',
    tag,
    auth,
    summary: 'Send a code to a phone or an e-mail address',
    body: z.object(recipient).refine(oneRecipient, needed),
    answers: { 204: null },
  }),
  verifyVerificationCode: defineRoute({
    method: 'post',
    path: '/api/verification-codes/verify',
    operationId: 'VerifyVerificationCode',
    tag,
    auth,
    summary: 'Check a code; a right one is spent',
    body: z.object({ ...recipient, verificationCode: TypedCode.min(1) }).refine(oneRecipient, needed),
    answers: { 204: null },
  }),
}
