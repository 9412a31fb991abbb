import { z } from 'zod'
import { asciiDigits } from './digits.ts'
import { defineRoute } from './route.ts'

/** No test identity lives longer than this without an operator's word: days. */
export const LONGEST_TEST_IDENTITY_DAYS = 90

/** A phone number or e-mail address whose codes are always the same and never sent. */
export const TestIdentity = z.object({
  id: z.string(),
  type: z.enum(['phone', 'email']),
  /** Phone: digits, country code first, as users' numbers are stored. */
  value: z.string(),
  code: z.string(),
  note: z.string().nullable(),
  /** The account that its code opens; null while nobody has the address. */
  userId: z.string().nullable(),
  /** From this moment on the address is like every other; milliseconds since 1970. */
  expiresAt: z.number(),
  createdAt: z.number(),
})
export type TestIdentity = z.output<typeof TestIdentity>

const code = z
  .string()
  .max(32)
  .overwrite(asciiDigits)
  .regex(/^\d+$/, 'must be digits only, as many as codes have')
const expiresAt = z.int('must be a moment in milliseconds since 1970')
const note = z.string().trim().max(256).nullable()
/** Names the account that already has the address, as a confirmation that the fixed code shall open it. */
const userId = z.string().min(1).max(64)

const tag = 'Test identities'
const auth = 'management'
const byId = z.object({ id: z.string() })

/** Numbers and addresses with a fixed code and an end date, for app-store review and automatic tests; ours alone. */
export const testIdentityRoutes = {
  listTestIdentities: defineRoute({
    method: 'get',
    path: '/api/test-identities',
    operationId: 'ListTestIdentities',
    tag,
    auth,
    summary: 'List the test identities with their codes, newest first; ended ones too',
    answers: { 200: z.array(TestIdentity) },
  }),
  createTestIdentity: defineRoute({
    method: 'post',
    path: '/api/test-identities',
    operationId: 'CreateTestIdentity',
    tag,
    auth,
    summary:
      'Give a phone number or an e-mail address a fixed code until an end date, at most 90 days ahead; needs the setting TEST_IDENTITIES=on, and userId when a user has the address already',
    body: z.object({
      type: z.enum(['phone', 'email']),
      value: z.string().trim().min(1).max(256),
      code,
      expiresAt,
      note: note.optional(),
      userId: userId.optional(),
    }),
    answers: { 201: TestIdentity },
  }),
  updateTestIdentity: defineRoute({
    method: 'patch',
    path: '/api/test-identities/{id}',
    operationId: 'UpdateTestIdentity',
    tag,
    auth,
    summary: 'Change the code, the end date or the note of a test identity, or name the user whom it opens',
    params: byId,
    body: z.object({
      code: code.optional(),
      expiresAt: expiresAt.optional(),
      note: note.optional(),
      userId: userId.optional(),
    }),
    answers: { 200: TestIdentity },
  }),
  deleteTestIdentity: defineRoute({
    method: 'delete',
    path: '/api/test-identities/{id}',
    operationId: 'DeleteTestIdentity',
    tag,
    auth,
    summary: 'Delete a test identity; its address is like every other from now on',
    params: byId,
    answers: { 204: null },
  }),
}
