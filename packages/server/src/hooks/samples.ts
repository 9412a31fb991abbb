import type { HookEvent } from '@countersign/api'
import { FAILURES } from '@countersign/kit'

const user = {
  id: 'sampleuser01',
  username: 'sample_user',
  primaryEmail: 'sample.user@example.com',
  primaryPhone: '8613800138000',
  name: 'Sample User',
  avatar: 'https://example.com/avatar.png',
  customData: { plan: 'sample' },
  identities: {},
  lastSignInAt: 1_767_225_600_000,
  createdAt: 1_767_225_600_000,
  updatedAt: 1_767_225_600_000,
  profile: { nickname: 'Sample' },
  applicationId: 'sampleapplication0001',
  cimdClientId: null,
  isSuspended: false,
}

const application = {
  id: 'sampleapplication0001',
  type: 'SPA',
  name: 'Sample application',
  description: 'Made up for a test',
}

const connection = {
  id: 'sampleconn01',
  connectorId: 'aliyun-short-message-service',
  channel: 'sms',
  name: 'Sample connection',
  health: {
    state: 'resting',
    reason: 'balance_exhausted',
    since: 1_767_225_600_000,
    retryAt: 1_767_225_610_000,
    failure: 'balance_exhausted',
    providerCode: null,
    meaning: FAILURES.balance_exhausted.meaning,
    remedy: FAILURES.balance_exhausted.remedy,
    links: [],
  },
  before: { state: 'healthy', reason: null },
}

const budget = {
  id: 'samplebudget',
  name: 'Sample budget',
  channel: 'sms',
  scope: 'all',
  subject: null,
  period: '2026-01',
  state: 'soft',
  timeZone: 'Asia/Shanghai',
  begin: 1_767_196_800_000,
  end: 1_769_875_200_000,
  currency: 'CNY',
  soft: 400_000_000,
  hard: 500_000_000,
  used: 400_045_000,
}

const finding = {
  id: 'samplefinding01',
  channel: 'sms',
  kind: 'prefix',
  subject: '88213',
  state: 'open',
  mode: 'record',
  window: 'hour',
  figures: { people: 64, used: 0 },
  expected: 0.78,
  basis: 'channel',
  before: { people: 20_480, used: 16_384 },
  beganAt: 1_767_225_600_000,
  seenAt: 1_767_225_600_000,
  endedAt: null,
  endReason: null,
  allowedUntil: null,
  allowedBy: null,
}

/** Makes the sample of an event for a test call: the shape is real, the values are made up. */
export function sample(event: HookEvent): Record<string, unknown> {
  const userAgent = 'Mozilla/5.0 (sample)'
  if (event.startsWith('Post'))
    return {
      userAgent,
      sessionId: 'sample-session',
      userIp: '192.0.2.1',
      userId: user.id,
      user,
      application,
    }
  if (event === 'Connection.Health.Updated') return { data: connection }
  if (event === 'Budget.SoftReached') return { data: budget }
  if (event === 'Budget.HardReached') return { data: { ...budget, state: 'hard', used: budget.hard } }
  if (event === 'Fraud.Found') return { data: finding }
  return {
    userAgent,
    path: '/users/sampleuser01',
    method: 'PATCH',
    status: 200,
    params: { userId: user.id },
    data: { result: 'success' },
  }
}
