import { z } from 'zod'
import { Email, JsonObject, Phone, UrlOrNothing, Username } from './common.ts'
import { defineRoute } from './route.ts'

export const UserProfile = z.object({
  familyName: z.string().optional(),
  givenName: z.string().optional(),
  middleName: z.string().optional(),
  nickname: z.string().optional(),
  preferredUsername: z.string().optional(),
  profile: z.string().optional(),
  website: z.string().optional(),
  gender: z.string().optional(),
  birthdate: z.string().optional(),
  zoneinfo: z.string().optional(),
  locale: z.string().optional(),
  address: z
    .object({
      formatted: z.string().optional(),
      streetAddress: z.string().optional(),
      locality: z.string().optional(),
      region: z.string().optional(),
      postalCode: z.string().optional(),
      country: z.string().optional(),
    })
    .optional(),
})

export const User = z.object({
  id: z.string(),
  username: z.string().nullable(),
  primaryEmail: z.string().nullable(),
  primaryPhone: z.string().nullable(),
  name: z.string().nullable(),
  avatar: z.string().nullable(),
  customData: JsonObject,
  identities: JsonObject,
  lastSignInAt: z.number().nullable(),
  createdAt: z.number(),
  updatedAt: z.number(),
  profile: UserProfile,
  applicationId: z.string().nullable(),
  cimdClientId: z.string().nullable(),
  isSuspended: z.boolean(),
  hasPassword: z.boolean(),
})
export type User = z.output<typeof User>

const clearable = <T extends z.ZodType>(rule: T) => z.union([rule, z.literal(''), z.null()])

const tag = 'Users'
const auth = 'management'
const byId = z.object({ userId: z.string() })

export const userRoutes = {
  listUsers: defineRoute({
    method: 'get',
    path: '/api/users',
    operationId: 'ListUsers',
    tag,
    auth,
    summary: 'List the users, newest first',
    query: z.looseObject({
      page: z.string().optional(),
      page_size: z.string().optional(),
      search: z.union([z.string(), z.array(z.string())]).optional(),
    }),
    answers: { 200: z.array(User) },
    paginated: true,
  }),
  createUser: defineRoute({
    method: 'post',
    path: '/api/users',
    operationId: 'CreateUser',
    tag,
    auth,
    summary: 'Create a user',
    body: z.object({
      primaryPhone: Phone.optional(),
      primaryEmail: Email.optional(),
      username: Username.optional(),
      password: z.string().min(1).optional(),
      name: z.string().max(128).optional(),
      avatar: UrlOrNothing.optional(),
      customData: JsonObject.optional(),
      profile: UserProfile.optional(),
    }),
    answers: { 200: User },
  }),
  getUser: defineRoute({
    method: 'get',
    path: '/api/users/{userId}',
    operationId: 'GetUser',
    tag,
    auth,
    summary: 'Read a user',
    params: byId,
    answers: { 200: User },
  }),
  updateUser: defineRoute({
    method: 'patch',
    path: '/api/users/{userId}',
    operationId: 'UpdateUser',
    tag,
    auth,
    summary: 'Change a user',
    params: byId,
    body: z.object({
      primaryPhone: clearable(Phone).optional(),
      primaryEmail: clearable(Email).optional(),
      username: clearable(Username).optional(),
      name: z.string().max(128).nullable().optional(),
      avatar: UrlOrNothing.optional(),
      customData: JsonObject.optional(),
      profile: UserProfile.optional(),
    }),
    answers: { 200: User },
  }),
  deleteUser: defineRoute({
    method: 'delete',
    path: '/api/users/{userId}',
    operationId: 'DeleteUser',
    tag,
    auth,
    summary: 'Delete a user',
    params: byId,
    answers: { 204: null },
  }),
  setUserPassword: defineRoute({
    method: 'patch',
    path: '/api/users/{userId}/password',
    operationId: 'UpdateUserPassword',
    tag,
    auth,
    summary: 'Set the password of a user',
    params: byId,
    body: z.object({ password: z.string().min(1) }),
    answers: { 200: User },
  }),
  suspendUser: defineRoute({
    method: 'patch',
    path: '/api/users/{userId}/is-suspended',
    operationId: 'UpdateUserIsSuspended',
    tag,
    auth,
    summary: 'Suspend a user or lift the suspension',
    params: byId,
    body: z.object({ isSuspended: z.boolean() }),
    answers: { 200: User },
  }),
}
