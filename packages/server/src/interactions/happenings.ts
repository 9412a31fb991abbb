import type { InteractionEvent } from '@countersign/api'
import type { StoredApplication } from '../applications/applications.ts'
import type { Along } from '../db/along.ts'
import { type Emit, ended, hookUser, type Telling } from '../hooks/events.ts'
import type { BlockedBy } from '../limits/sentinel.ts'
import type { Identifier, StoredUser } from '../users/users.ts'
import type { Browser } from './browsers.ts'

/** Who takes a step of an interaction, and for which application. */
export interface Visitor {
  ip: string | undefined
  userAgent: string | undefined
  clientId: string
  browser?: Browser
}

/** The step in which something happened. */
export interface Step {
  uid: string
  event: InteractionEvent
  visitor: Visitor
}

/** What happened in an interaction and is told after the change was written, or because there was none. */
export type Happening =
  | { type: 'finished'; user: StoredUser }
  | { type: 'identifier-blocked'; identifier: Identifier; by: BlockedBy }
  | { type: 'send-refused'; recipient: string }

/** Tells of what happened, after it did and before the visitor is answered. Never throws. */
export type Tell = (happening: Happening, step: Step) => Promise<void>

/** A change that webhooks are told of in its own transaction. */
export type Change = 'user-created' | 'user-changed' | 'finished'

/** Prepares what is written in the transaction of a change; `sessionsEnded` when all other sessions of the user end. */
export type TellAlong = (
  change: Change,
  step: Step,
  more?: { sessionsEnded: boolean },
) => Promise<Along<StoredUser>>

/** Prepares what is written in the transaction in which a block begins. */
export type TellBlock = (identifier: Identifier, by: BlockedBy, step: Step) => Promise<Along<true>>

const FINISHED = {
  SignIn: 'PostSignIn',
  Register: 'PostRegister',
  ForgotPassword: 'PostResetPassword',
} as const satisfies Record<InteractionEvent, string>

type ApplicationOf = (id: string) => Promise<StoredApplication | undefined>

/** Members of every event of an interaction. */
async function shared({ uid, event, visitor }: Step, applicationOf: ApplicationOf) {
  const stored = await applicationOf(visitor.clientId)
  return {
    interactionEvent: event,
    sessionId: uid,
    userAgent: visitor.userAgent,
    ...(stored && {
      application: {
        id: stored.id,
        type: stored.type,
        name: stored.name,
        description: stored.description,
      },
    }),
  }
}

/** Members of the events that are told while an interaction goes on. */
async function inside(step: Step, applicationOf: ApplicationOf) {
  const { ip, clientId } = step.visitor
  return { ...(await shared(step, applicationOf)), ip, applicationId: clientId }
}

/**
 * Tells webhooks of changes, in the transactions that make them.
 *
 * @example const along = await tellHooksAlong(hooks.telling, applications.byId)('user-created', step)
 */
export function tellHooksAlong(telling: Telling, applicationOf: ApplicationOf): TellAlong {
  return (change, step, more = { sessionsEnded: false }) => {
    switch (change) {
      case 'user-created':
        return telling('User.Created', async () => {
          const members = await inside(step, applicationOf)
          return user => ({ ...members, data: hookUser(user) })
        })
      case 'user-changed':
        return telling('User.Data.Updated', async () => {
          const members = await inside(step, applicationOf)
          return user => ({ ...members, data: hookUser(user), ...ended(more) })
        })
      case 'finished':
        return telling(FINISHED[step.event], async () => {
          const members = { ...(await shared(step, applicationOf)), userIp: step.visitor.ip }
          return user => ({ ...members, userId: user.id, user: hookUser(user), ...ended(more) })
        })
    }
  }
}

/**
 * Tells webhooks that an identifier is blocked, in the transaction in which the block begins.
 *
 * @example const along = await tellHooksOfBlocks(hooks.telling, applications.byId)(identifier, 'client', step)
 */
export const tellHooksOfBlocks =
  (telling: Telling, applicationOf: ApplicationOf): TellBlock =>
  (identifier, _, step) =>
    telling('Identifier.Lockout', async () => {
      const members = { ...(await inside(step, applicationOf)), ...identifier }
      return () => members
    })

/**
 * Tells webhooks of refusals, which change nothing.
 *
 * @example await tellHooks(hooks.emit, applications.byId)({ type: 'send-refused', recipient }, step)
 */
export function tellHooks(emit: Emit, applicationOf: ApplicationOf): Tell {
  return async (happening, step) => {
    if (happening.type === 'identifier-blocked')
      await emit('Identifier.Lockout', async () => ({
        ...(await inside(step, applicationOf)),
        ...happening.identifier,
      }))
    if (happening.type === 'send-refused')
      await emit('Message.RateLimited', async () => ({
        ...(await inside(step, applicationOf)),
        action: 'VerificationCodeSend',
        recipient: happening.recipient,
      }))
  }
}
