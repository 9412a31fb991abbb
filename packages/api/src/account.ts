import { z } from 'zod'
import { EndSessions, JsonObject, Phone, TypedCode, Username, WebAddress } from './common.ts'
import { Email } from './email.ts'
import { CodeIdentifier } from './experience.ts'
import { defineRoute } from './route.ts'
import { UserProfile, UserProfileInput } from './users.ts'

/** Name of the header that carries the proof that the caller is the account's owner. */
export const VERIFICATION_HEADER = 'logto-verification-id'

/** A user as shown to that user; what scope or field control does not open is missing. */
export const AccountProfile = z.object({
  id: z.string(),
  hasSecurityVerificationMethod: z.boolean(),
  username: z.string().nullable().optional(),
  name: z.string().nullable().optional(),
  avatar: z.string().nullable().optional(),
  profile: UserProfile.optional(),
  hasPassword: z.boolean().optional(),
  lastSignInAt: z.number().nullable().optional(),
  createdAt: z.number().optional(),
  updatedAt: z.number().optional(),
  applicationId: z.string().nullable().optional(),
  cimdClientId: z.string().nullable().optional(),
  isSuspended: z.boolean().optional(),
  primaryEmail: z.string().nullable().optional(),
  primaryPhone: z.string().nullable().optional(),
  customData: JsonObject.optional(),
  identities: JsonObject.optional(),
})
export type AccountProfile = z.output<typeof AccountProfile>

export const AccountPatch = z.object({
  name: z.string().nullable().optional(),
  avatar: WebAddress.nullable().optional(),
  username: Username.nullable().optional(),
  customData: JsonObject.optional(),
})
export type AccountPatch = z.output<typeof AccountPatch>

const proof = { newIdentifierVerificationRecordId: z.string() }

/** A record that was just made; the time is an ISO text, unlike everywhere else. */
const NewRecord = z.object({ verificationRecordId: z.string(), expiresAt: z.string() })

const auth = 'account'
const path = '/api/my-account'
const tag = 'My account'

/** What a signed-in user reads and changes of the own account. */
export const accountRoutes = {
  getMyAccount: defineRoute({
    method: 'get',
    path,
    operationId: 'GetProfile',
    tag,
    auth,
    summary: 'Read the own account',
    answers: { 200: AccountProfile },
  }),
  updateMyAccount: defineRoute({
    method: 'patch',
    path,
    operationId: 'UpdateProfile',
    tag,
    auth,
    summary: 'Change name, picture, username and custom data',
    body: AccountPatch,
    answers: { 200: AccountProfile },
  }),
  updateMyProfile: defineRoute({
    method: 'patch',
    path: `${path}/profile`,
    operationId: 'UpdateOtherProfile',
    tag,
    auth,
    summary: 'Change members of the profile',
    body: UserProfileInput,
    answers: { 200: UserProfile },
  }),
  setMyPassword: defineRoute({
    method: 'post',
    path: `${path}/password`,
    operationId: 'UpdatePassword',
    tag,
    auth,
    summary: 'Set or replace the password',
    body: z.object({ password: z.string().min(1), endOtherSessions: EndSessions }),
    answers: { 204: null },
  }),
  setMyEmail: defineRoute({
    method: 'post',
    path: `${path}/primary-email`,
    operationId: 'UpdatePrimaryEmail',
    tag,
    auth,
    summary: 'Add or replace the e-mail address',
    body: z.object({ email: Email, ...proof }),
    answers: { 204: null },
  }),
  removeMyEmail: defineRoute({
    method: 'delete',
    path: `${path}/primary-email`,
    operationId: 'DeletePrimaryEmail',
    tag,
    auth,
    summary: 'Remove the e-mail address',
    answers: { 204: null },
  }),
  setMyPhone: defineRoute({
    method: 'post',
    path: `${path}/primary-phone`,
    operationId: 'UpdatePrimaryPhone',
    tag,
    auth,
    summary: 'Add or replace the phone number',
    body: z.object({ phone: Phone, ...proof }),
    answers: { 204: null },
  }),
  removeMyPhone: defineRoute({
    method: 'delete',
    path: `${path}/primary-phone`,
    operationId: 'DeletePrimaryPhone',
    tag,
    auth,
    summary: 'Remove the phone number',
    answers: { 204: null },
  }),
}

/** Proofs of the own identity and of new identifiers. */
export const verificationRoutes = {
  verifyMyPassword: defineRoute({
    method: 'post',
    path: '/api/verifications/password',
    operationId: 'CreateVerificationByPassword',
    tag: 'Verifications',
    auth,
    summary: 'Prove the own identity by the password',
    body: z.object({ password: z.string().min(1) }),
    answers: { 201: NewRecord },
  }),
  sendMyCode: defineRoute({
    method: 'post',
    path: '/api/verifications/verification-code',
    operationId: 'CreateVerificationByVerificationCode',
    tag: 'Verifications',
    auth,
    summary: 'Send a code to the own or to a new identifier',
    body: z.object({
      identifier: CodeIdentifier,
      templateType: z.enum(['BindMfa', 'UserPermissionValidation']).optional(),
    }),
    answers: { 201: NewRecord },
  }),
  verifyMyCode: defineRoute({
    method: 'post',
    path: '/api/verifications/verification-code/verify',
    operationId: 'VerifyVerificationByVerificationCode',
    tag: 'Verifications',
    auth,
    summary: 'Check a code',
    body: z.object({ identifier: CodeIdentifier, verificationId: z.string(), code: TypedCode }),
    answers: { 200: z.object({ verificationRecordId: z.string() }) },
  }),
}
