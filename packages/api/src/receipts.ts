import { z } from 'zod'
import { defineRoute } from './route.ts'

/** How the provider of a connection tells what became of messages. */
export const ReceiptAddress = z.object({
  /** Where it is to push to; null where it pushes nothing. It is a secret: who knows it can tell of messages. */
  address: z.string().nullable(),
  /** It tells by itself, where it is told to. */
  pushes: z.boolean(),
  /** It can be asked, and is. */
  pulls: z.boolean(),
  /** When the address was made. */
  createdAt: z.number().nullable(),
  /** When something came there that was believed. */
  lastAt: z.number().nullable(),
  /** How often something came there that was not, when last, and why. */
  refused: z.int(),
  refusedAt: z.number().nullable(),
  refusedReason: z.string().nullable(),
})
export type ReceiptAddress = z.output<typeof ReceiptAddress>

const of = {
  tag: 'Connections',
  auth: 'management',
  params: z.object({ id: z.string() }),
  answers: { 200: ReceiptAddress },
} as const

/** Receipts of connections; ours alone. */
export const connectionReceiptRoutes = {
  getReceiptAddress: defineRoute({
    method: 'get',
    path: '/api/connections/{id}/receipts',
    operationId: 'GetReceiptAddress',
    summary: 'Say where the provider of a connection is to push its receipts to, and when it did so last',
    ...of,
  }),
  renewReceiptAddress: defineRoute({
    method: 'post',
    path: '/api/connections/{id}/receipts/renew',
    operationId: 'RenewReceiptAddress',
    summary: 'Give a connection another address for receipts; nothing answers at the old one any more',
    ...of,
  }),
}
