import { z } from 'zod'
import { idle, UrlOrNothing } from './common.ts'
import { defineRoute } from './route.ts'

/** What users may do with a part of their account: nothing, read it, or change it too. */
export const FieldControl = z.enum(['Off', 'ReadOnly', 'Edit'])
export type FieldControl = z.output<typeof FieldControl>

const control = FieldControl.optional()

/** An absent control counts as `Off`. */
export const FieldControls = z.object({
  name: control,
  avatar: control,
  username: control,
  customData: control,
  profile: control,
  email: control,
  phone: control,
  password: control,
  session: control,
  social: control,
  mfa: control,
  passkey: control,
})
export type FieldControls = z.output<typeof FieldControls>

/** What is idle is of pages for a user's account, which there are none of here. */
const settings = {
  enabled: z.boolean(),
  fields: FieldControls,
  webauthnRelatedOrigins: idle(z.array(z.string())),
  deleteAccountUrl: idle(UrlOrNothing),
  customCss: idle(z.string().nullable()),
  profileFields: idle(z.array(z.object({ name: z.string() })).nullable()),
}

export const AccountCenter = z.object({ tenantId: z.string(), id: z.string(), ...settings })
export type AccountCenter = z.output<typeof AccountCenter>

export const AccountCenterPatch = z.object(settings).partial()
export type AccountCenterPatch = z.output<typeof AccountCenterPatch>

/** What users may read and change of their account, and whether at all. */
export const accountCenterRoutes = {
  getAccountCenter: defineRoute({
    method: 'get',
    path: '/api/account-center',
    operationId: 'GetAccountCenterSettings',
    tag: 'Account center',
    auth: 'management',
    summary: 'Read what users may do with their account',
    answers: { 200: AccountCenter },
  }),
  updateAccountCenter: defineRoute({
    method: 'patch',
    path: '/api/account-center',
    operationId: 'UpdateAccountCenterSettings',
    tag: 'Account center',
    auth: 'management',
    summary: 'Change what users may do with their account; each member given is replaced as a whole',
    body: AccountCenterPatch,
    answers: { 200: AccountCenter },
  }),
  getPublicAccountCenter: defineRoute({
    method: 'get',
    path: '/api/.well-known/account-center',
    operationId: 'GetWellKnownAccountCenter',
    tag: 'Well-known',
    auth: 'none',
    summary: 'Read what users may do with their account',
    answers: { 200: AccountCenter },
  }),
}
