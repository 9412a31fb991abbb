import type { HookConfig, HookEvent } from '@countersign/api'
import { newId } from '../crypto/chance.ts'
import { ApiError } from '../refusals/refusal.ts'
import { attempt, type Ending } from './attempt.ts'
import { type HooksRoom, toTarget } from './room.ts'
import { sample } from './samples.ts'
import { requireHook } from './webhooks.ts'

/**
 * Sends samples to a configuration that need not be saved, signed with the webhook's key, and waits.
 *
 * @throws ApiError `entity.not_exists_with_id`, `hook.endpoint_responded_with_error`, `hook.send_test_payload_failed`
 */
export async function testHook(
  room: HooksRoom,
  id: string,
  events: HookEvent[],
  config: HookConfig,
): Promise<void> {
  const { keys, world, outside } = room
  const { signingKey } = toTarget(keys, await requireHook(room, id))
  const createdAt = new Date(world.now()).toISOString()
  const endings = await Promise.all(
    [...new Set(events)].map(event => {
      const body = JSON.stringify({ event, createdAt, ...sample(event), hookId: id })
      return attempt(
        outside.fetch,
        { config, signingKey, body, eventId: newId(world.random) },
        { ...(outside.deadline !== undefined && { deadline: outside.deadline }) },
      )
    }),
  )
  requireDelivered(endings)
}

/** An answer of a receiver tells more than a call that found nobody, so it comes first. */
function requireDelivered(endings: Ending[]): void {
  const answered = endings.find(({ delivered, response }) => !delivered && response)?.response
  if (answered) {
    const { status, body } = answered
    throw new ApiError('hook.endpoint_responded_with_error', {
      data: {
        responseStatus: status,
        responseBody: typeof body === 'string' ? body : JSON.stringify(body),
      },
      values: { status },
    })
  }
  const reason = endings.find(({ delivered }) => !delivered)?.error
  if (reason !== undefined) throw new ApiError('hook.send_test_payload_failed', { values: { reason } })
}
