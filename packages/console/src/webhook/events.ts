import { HOOK_EVENTS, type HookEvent } from '@countersign/api'

export type OwnEvent = (typeof HOOK_EVENTS)[number]

/** The events that happen here, in the groups of the page. */
export const EVENT_GROUPS = {
  interactions: ['PostRegister', 'PostSignIn', 'PostResetPassword'],
  users: ['User.Created', 'User.Deleted', 'User.Data.Updated', 'User.SuspensionStatus.Updated'],
  exceptions: ['Identifier.Lockout', 'Message.RateLimited', 'Grant.LimitExceeded', 'Fraud.Found'],
  connections: ['Connection.Health.Updated'],
  budgets: ['Budget.SoftReached', 'Budget.HardReached'],
} as const satisfies Record<string, readonly OwnEvent[]>

const OWN = new Set<string>(HOOK_EVENTS)

/** Events that some client registered, and that are of things there are none of here. */
export const foreignEvents = (events: readonly HookEvent[]): HookEvent[] =>
  events.filter(event => !OWN.has(event))

/** What a group is usually to know: what somebody must do something about. */
export const ALARMS: readonly HookEvent[] = HOOK_EVENTS.filter(event =>
  /^(?:Connection|Budget|Fraud)\./.test(event),
)
