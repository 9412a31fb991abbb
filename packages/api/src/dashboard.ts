import { z } from 'zod'
import { defineRoute } from './route.ts'

const Trend = z.object({ count: z.number(), delta: z.number() })

const tag = 'Dashboard'
const auth = 'management'

/** Figures about users; days end at midnight where the server is. */
export const dashboardRoutes = {
  countUsers: defineRoute({
    method: 'get',
    path: '/api/dashboard/users/total',
    operationId: 'GetTotalUserCount',
    tag,
    auth,
    summary: 'Count the users',
    answers: { 200: z.object({ totalUserCount: z.number() }) },
  }),
  countNewUsers: defineRoute({
    method: 'get',
    path: '/api/dashboard/users/new',
    operationId: 'GetNewUserCounts',
    tag,
    auth,
    summary: 'Count the users who came today and in the last seven days',
    answers: { 200: z.object({ today: Trend, last7Days: Trend }) },
  }),
  countActiveUsers: defineRoute({
    method: 'get',
    path: '/api/dashboard/users/active',
    operationId: 'GetActiveUserCounts',
    tag,
    auth,
    summary: 'Count the users who got tokens, by day, week and month',
    query: z.object({
      date: z
        .string()
        .regex(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, 'must be a day such as 2026-01-31')
        .optional(),
    }),
    answers: {
      200: z.object({
        dauCurve: z.array(z.object({ date: z.string(), count: z.number() })),
        dau: Trend,
        wau: Trend,
        mau: Trend,
      }),
    },
  }),
}

/** What is counted against an identifier. */
export const sentinelRoutes = {
  deleteSentinelActivities: defineRoute({
    method: 'post',
    path: '/api/sentinel-activities/delete',
    operationId: 'DeleteSentinelActivities',
    tag: 'Sentinel activities',
    auth,
    summary: 'Lift the lock-out of identifiers and reset their allowance of messages',
    body: z.object({ targetType: z.enum(['User', 'App']), targets: z.array(z.string()) }),
    answers: { 204: null },
  }),
}
