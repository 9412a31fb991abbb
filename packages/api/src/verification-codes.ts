import { z } from 'zod'
import { Phone, TypedCode } from './common.ts'
import { Email } from './email.ts'
import { defineRoute } from './route.ts'

const recipient = { email: Email.optional(), phone: Phone.optional() }
const oneRecipient = (body: { email?: string; phone?: string }) =>
  body.email !== undefined || body.phone !== undefined
const needed = { message: 'give email or phone', path: ['phone'] }

const ClientAddress = z
  .union([z.ipv4(), z.ipv6()], 'must be an IP address such as 203.0.113.7')
  .describe(
    "The address of the visitor for whom a back end asks, by which messages are limited; ours alone. The back end's own address counts for nobody.",
  )

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
    body: z.object({ ...recipient, clientAddress: ClientAddress.optional() }).refine(oneRecipient, needed),
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
