import { z } from 'zod'
import { defineRoute } from './route.ts'

/** What the provider of a connection was told of codes since that was switched on. */
export const ConnectionFeedback = z.object({
  /** Messages of which it was told, and took it. */
  told: z.int(),
  /** Messages of which it did not take it. */
  failed: z.int(),
  /** Until when it is left alone after many failures in a row. */
  pausedUntil: z.number().nullable(),
  lastFailure: z
    .object({
      failure: z.string(),
      providerCode: z.string().nullable(),
      at: z.number(),
    })
    .nullable(),
})
export type ConnectionFeedback = z.output<typeof ConnectionFeedback>

/** Telling providers whether codes were used; ours alone. */
export const connectionFeedbackRoutes = {
  getConnectionFeedback: defineRoute({
    method: 'get',
    path: '/api/connections/{id}/feedback',
    operationId: 'GetConnectionFeedback',
    tag: 'Connections',
    auth: 'management',
    summary:
      'Say how often the provider of a connection was told whether a code was used, and how that went last',
    params: z.object({ id: z.string() }),
    answers: { 200: ConnectionFeedback },
  }),
}
