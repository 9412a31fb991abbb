import type { InteractionEvent } from '@countersign/api'
import type { StoredApplication } from '../applications/applications.ts'
import { type Emit, ended, hookUser } from '../hooks/events.ts'
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

/** What the rest of the house may want to know of an interaction. */
export type Happening =
  | { type: 'user-created'; user: StoredUser }
  | { type: 'user-changed' | 'finished'; user: StoredUser; sessionsEnded?: boolean }
  | { type: 'identifier-blocked'; identifier: Identifier; by: BlockedBy }
  | { type: 'send-refused'; recipient: string }

/** Tells of what happened, after it did and before the visitor is answered. Never throws. */
export type Tell = (happening: Happening, step: Step) => Promise<void>

const FINISHED = {
  SignIn: 'PostSignIn',
  Register: 'PostRegister',
  ForgotPassword: 'PostResetPassword',
} as const satisfies Record<InteractionEvent, string>

/** Tells webhooks. */
export function tellHooks(
  emit: Emit,
  applicationOf: (id: string) => Promise<StoredApplication | undefined>,
): Tell {
  return (happening, { uid, event, visitor }) => {
    const { ip, userAgent, clientId } = visitor
    const shared = async () => {
      const stored = await applicationOf(clientId)
      return {
        interactionEvent: event,
        sessionId: uid,
        userAgent,
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
    const inside = async (own: Record<string, unknown>) => ({
      ...(await shared()),
      ip,
      applicationId: clientId,
      ...own,
    })
    switch (happening.type) {
      case 'user-created':
        return emit('User.Created', () => inside({ data: hookUser(happening.user) }))
      case 'user-changed':
        return emit('User.Data.Updated', () =>
          inside({ data: hookUser(happening.user), ...ended(happening) }),
        )
      case 'finished':
        return emit(FINISHED[event], async () => ({
          ...(await shared()),
          userIp: ip,
          userId: happening.user.id,
          user: hookUser(happening.user),
          ...ended(happening),
        }))
      case 'identifier-blocked':
        return emit('Identifier.Lockout', () => inside({ ...happening.identifier }))
      case 'send-refused':
        return emit('Message.RateLimited', () =>
          inside({ action: 'VerificationCodeSend', recipient: happening.recipient }),
        )
    }
  }
}
