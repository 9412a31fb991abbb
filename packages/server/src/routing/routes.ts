import { connectionRoutes } from '@countersign/api'
import { factoryIdOf } from '@countersign/connectors/logto'
import type { Connector } from '@countersign/kit'
import type { Mount } from '../http/mount.ts'
import { readRecipient } from '../identifiers/recipient.ts'
import { cases, judge, messageTo, type Way } from './routing.ts'

/** A connection as the list of all has it, on or off. */
type Listed = Omit<Way, 'reach' | 'rest'> & { id: string; name: string | null; connector: Connector }

/** What the routes need of other rooms. `L` is a connection as they have it. */
export interface Around<L extends Listed> {
  connections: {
    list(): Promise<L[]>
    inUse(channel: 'sms'): Promise<Pick<Way & Listed, 'id' | 'reach'>[]>
  }
  /** Connections, each with how it rests, where it does. */
  rested(connections: L[]): Promise<(L & Pick<Way, 'rest'>)[]>
  /** @throws ApiError `user.invalid_phone` for a number that no message can reach */
  requirePossible(phone: string): Promise<void>
  /** @throws ApiError `guard.invalid_input` unless there is an application with this id */
  requireApplication(id: string): Promise<void>
}

/**
 * What would happen to a message.
 *
 * @example mountRouting(mount, { connections, rested, requirePossible, requireApplication })
 */
export function mountRouting<L extends Listed>(mount: Mount, { connections, ...around }: Around<L>): void {
  mount.add(connectionRoutes.planRoute, async ({ body: { phone, applicationId } }) => {
    const recipient = readRecipient({ type: 'phone', value: phone })
    await around.requirePossible(recipient.value)
    if (applicationId !== undefined) await around.requireApplication(applicationId)
    const inUse = await connections.inUse('sms')
    const ways = (await around.rested(await connections.list())).map(way => ({
      ...way,
      reach: () => inUse.find(({ id }) => id === way.id)?.reach(),
    }))
    const message = messageTo(recipient, applicationId)
    return {
      status: 200,
      body: {
        phone: recipient.value,
        country: recipient.country ?? null,
        connections: judge(message, ways).map(({ way: { id, name, connector, share }, verdict }) => ({
          id,
          connectorId: factoryIdOf(connector),
          name,
          share,
          verdict,
        })),
        cases: cases(message, ways).map(({ percent, candidates }) => ({
          percent,
          connectionIds: candidates.map(({ id }) => id),
        })),
      },
    }
  })
}
