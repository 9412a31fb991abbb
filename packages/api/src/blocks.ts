import { z } from 'zod'
import { defineRoute } from './route.ts'

/** Whose failures a block is for: those of one client, or those of everybody with passwords. */
export const BLOCKED_BY = ['client', 'passwords'] as const

/** An identifier at which too many passwords or codes were wrong. */
export const IdentifierBlock = z.object({
  /** Names it when it is to be released. */
  id: z.string(),
  /** As much of it as may be shown, e.g. `+86 138****0000`. */
  identifier: z.string(),
  blockedBy: z.enum(BLOCKED_BY),
  beganAt: z.number(),
  until: z.number(),
})
export type IdentifierBlock = z.output<typeof IdentifierBlock>

/** More blocks are not listed. */
export const MOST_BLOCKS = 200

const tag = 'Protection'
const auth = 'management'

/** Identifiers that are blocked for wrong passwords and codes; ours alone. */
export const blockRoutes = {
  listBlocks: defineRoute({
    method: 'get',
    path: '/api/protection/blocks',
    operationId: 'ListIdentifierBlocks',
    tag,
    auth,
    summary: `List the identifiers that are blocked for wrong passwords and codes, those of the newest blocks first and ${MOST_BLOCKS} at most`,
    answers: { 200: z.array(IdentifierBlock) },
  }),
  releaseBlock: defineRoute({
    method: 'delete',
    path: '/api/protection/blocks/{id}',
    operationId: 'ReleaseIdentifierBlock',
    tag,
    auth,
    summary:
      'Lift all blocks of an identifier, and forget what failed there. Its allowance of messages stays',
    params: z.object({ id: z.string().max(64) }),
    answers: { 204: null },
  }),
}
