import type { HookConfigInput, HookEvent } from '@countersign/api'
import { newId } from '../crypto/chance.ts'
import { ApiError } from '../refusals/refusal.ts'
import { attempt, type Ending } from './attempt.ts'
import { storedConfig } from './config.ts'
import { testMessage } from './robots/alerts.ts'
import { attemptRobot, isRobot } from './robots/attempt.ts'
import { type HooksRoom, toTarget } from './room.ts'
import { sample } from './samples.ts'
import { requireHook } from './webhooks.ts'

/**
 * Sends samples to a configuration that need not be saved, signed with the webhook's key, and waits. A robot is sent one
 * test message, whatever the events.
 *
 * @throws ApiError `entity.not_exists_with_id`, `hook.endpoint_responded_with_error`, `hook.send_test_payload_failed`
 */
export async function testHook(
  room: HooksRoom,
  id: string,
  events: HookEvent[],
  input: HookConfigInput,
): Promise<void> {
  const { keys, world, outside } = room
  const { deadline } = outside
  const row = await requireHook(room, id)
  const { signingKey, config: saved } = toTarget(keys, row)
  const config = storedConfig(input, saved)
  if (isRobot(config)) {
    const message = testMessage(row.name, { ...config.robot, console: outside.console })
    const send = outside.robots ?? outside.fetch
    return requireDelivered([await attemptRobot(send, config, message, { now: world.now(), deadline })])
  }
  const createdAt = new Date(world.now()).toISOString()
  const endings = await Promise.all(
    [...new Set(events)].map(event => {
      const body = JSON.stringify({ event, createdAt, ...sample(event), hookId: id })
      return attempt(outside.fetch, { config, signingKey, body, eventId: newId(world.random) }, { deadline })
    }),
  )
  requireDelivered(endings)
}

/** An answer of a receiver tells more than a call that found nobody, so it comes first. */
function requireDelivered(endings: Ending[]): void {
  const answered = endings.find(({ delivered, response }) => !delivered && response)
  if (answered?.response) {
    const { status, body } = answered.response
    throw new ApiError('hook.endpoint_responded_with_error', {
      data: {
        responseStatus: status,
        responseBody: typeof body === 'string' ? body : JSON.stringify(body),
        ...(answered.failure && { failure: answered.failure }),
      },
      values: { status },
    })
  }
  const { error: reason, failure } = endings.find(({ delivered }) => !delivered) ?? {}
  if (reason !== undefined)
    throw new ApiError('hook.send_test_payload_failed', {
      values: { reason },
      ...(failure && { data: { failure } }),
    })
}
