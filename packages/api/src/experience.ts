import { z } from 'zod'
import { CaptchaChallenge } from './captcha.ts'
import { AnyIdentifier, JsonObject, Phone, TypedCode, Username } from './common.ts'
import { Email } from './email.ts'
import { defineRoute } from './route.ts'

export const InteractionEvent = z.enum(['SignIn', 'Register', 'ForgotPassword'])
export type InteractionEvent = z.output<typeof InteractionEvent>

/** Where a code can go. */
export const CodeIdentifier = z.discriminatedUnion('type', [
  z.object({ type: z.literal('email'), value: Email }),
  z.object({ type: z.literal('phone'), value: Phone }),
])
export type CodeIdentifier = z.output<typeof CodeIdentifier>

export const PasswordIdentifier = z.object({
  type: z.enum(['username', 'email', 'phone']),
  value: AnyIdentifier,
})
export type PasswordIdentifier = z.output<typeof PasswordIdentifier>

export const ProfileStep = z.discriminatedUnion('type', [
  z.object({ type: z.literal('username'), value: Username }),
  z.object({ type: z.literal('password'), value: z.string() }),
  z.object({ type: z.literal('email'), verificationId: z.string() }),
  z.object({ type: z.literal('phone'), verificationId: z.string() }),
  z.object({ type: z.literal('extraProfile'), values: JsonObject }),
])
export type ProfileStep = z.output<typeof ProfileStep>

export const VerificationId = z.object({ verificationId: z.string() })

const tag = 'Experience'
const auth = 'interaction'
const path = '/api/experience'

export const experienceRoutes = {
  startInteraction: defineRoute({
    method: 'put',
    path,
    operationId: 'InitInteraction',
    tag,
    auth,
    summary: 'Begin, or begin anew',
    body: z.object({ interactionEvent: InteractionEvent, captchaToken: z.string().optional() }),
    answers: { 204: null },
  }),
  getCaptchaChallenge: defineRoute({
    method: 'get',
    path: `${path}/captcha`,
    operationId: 'GetCaptchaChallenge',
    tag,
    auth,
    summary: 'Get a challenge of the check for people, whose answer is the captchaToken',
    answers: { 200: CaptchaChallenge },
  }),
  passCaptcha: defineRoute({
    method: 'post',
    path: `${path}/captcha`,
    operationId: 'PassCaptcha',
    tag,
    auth,
    summary: 'Pass the check for people later than at the beginning, and keep what was proved',
    body: z.object({ captchaToken: z.string() }),
    answers: { 204: null },
  }),
  changeInteractionEvent: defineRoute({
    method: 'put',
    path: `${path}/interaction-event`,
    operationId: 'UpdateInteractionEvent',
    tag,
    auth,
    summary: 'Change between signing in and registering',
    body: z.object({ interactionEvent: InteractionEvent }),
    answers: { 204: null },
  }),
  getInteraction: defineRoute({
    method: 'get',
    path: `${path}/interaction`,
    operationId: 'GetInteraction',
    tag,
    auth,
    summary: 'Read where the interaction stands',
    answers: { 200: JsonObject },
  }),
  sendInteractionCode: defineRoute({
    method: 'post',
    path: `${path}/verification/verification-code`,
    operationId: 'CreateAndSendVerificationCode',
    tag,
    auth,
    summary: 'Send a code',
    body: z.object({ identifier: CodeIdentifier, interactionEvent: InteractionEvent }),
    answers: { 200: VerificationId },
  }),
  verifyInteractionCode: defineRoute({
    method: 'post',
    path: `${path}/verification/verification-code/verify`,
    operationId: 'VerifyVerificationCodeInInteraction',
    tag,
    auth,
    summary: 'Check a code',
    body: z.object({ identifier: CodeIdentifier, verificationId: z.string(), code: TypedCode }),
    answers: { 200: VerificationId },
  }),
  verifyInteractionPassword: defineRoute({
    method: 'post',
    path: `${path}/verification/password`,
    operationId: 'CreatePasswordVerification',
    tag,
    auth,
    summary: 'Check a password',
    body: z.object({ identifier: PasswordIdentifier, password: z.string().min(1) }),
    answers: { 200: VerificationId },
  }),
  createNewPasswordIdentity: defineRoute({
    method: 'post',
    path: `${path}/verification/new-password-identity`,
    operationId: 'CreateNewPasswordIdentityVerification',
    tag,
    auth,
    summary: 'Prepare a registration with username and password',
    body: z.object({
      identifier: z.object({ type: z.literal('username'), value: Username }),
      password: z.string().min(1),
    }),
    answers: { 200: VerificationId },
  }),
  identify: defineRoute({
    method: 'post',
    path: `${path}/identification`,
    operationId: 'IdentifyUser',
    tag,
    auth,
    summary: 'Say whose the verified identifier is, or create the user',
    body: z.object({ verificationId: z.string().optional(), linkSocialIdentity: z.boolean().optional() }),
    answers: { 201: null, 204: null },
  }),
  addProfile: defineRoute({
    method: 'post',
    path: `${path}/profile`,
    operationId: 'AddUserProfile',
    tag,
    auth,
    summary: 'Stage a part of the profile',
    body: ProfileStep,
    bodyLimit: 64 * 1024,
    answers: { 204: null },
  }),
  resetPassword: defineRoute({
    method: 'put',
    path: `${path}/profile/password`,
    operationId: 'ResetUserPassword',
    tag,
    auth,
    summary: 'Stage the new password after a code',
    body: z.object({ password: z.string() }),
    answers: { 204: null },
  }),
  submitInteraction: defineRoute({
    method: 'post',
    path: `${path}/submit`,
    operationId: 'SubmitInteraction',
    tag,
    auth,
    summary: 'Finish',
    answers: { 200: z.object({ redirectTo: z.string() }), 204: null },
  }),
  listSsoConnectors: defineRoute({
    method: 'get',
    path: `${path}/sso-connectors`,
    operationId: 'GetEnabledSsoConnectors',
    tag,
    auth,
    summary: 'Single sign-on connectors of an e-mail domain: none here',
    query: z.object({ email: z.string().optional() }),
    answers: { 200: z.object({ connectorIds: z.array(z.string()) }) },
  }),
}
