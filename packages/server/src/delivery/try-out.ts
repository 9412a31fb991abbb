import type { CheckItem, TestResult } from '@countersign/api'
import { type Connector, explain, type MailTemplate } from '@countersign/kit'
import { parseConfig, tidied } from '../connections/configuration.ts'
import { newId } from '../crypto/chance.ts'
import { requirePossible } from '../users/possible-phone.ts'
import { asSendError } from './refusal.ts'
import { type DeliveryRoom, messageOf, type OutgoingMessage, sendOver, struck, worded } from './room.ts'

/** A message that shows whether a configuration works. */
export type TestMessage = Omit<OutgoingMessage, 'asker' | 'id' | 'unsent'>

/**
 * Sends a test with a configuration that is not saved, and tells the whole story.
 *
 * @example const { delivered, failure } = await testConnection(room, connector, config, message)
 *
 * @param template what an e-mail says, in place of the operator's own text for it; null for what the configuration says
 * @throws ApiError `connector.invalid_config`, `user.invalid_phone`
 */
export async function testConnection(
  delivery: DeliveryRoom,
  connector: Connector,
  config: Record<string, unknown>,
  test: TestMessage,
  template?: MailTemplate | null,
): Promise<TestResult> {
  const room: DeliveryRoom =
    template === undefined ? delivery : { ...delivery, mailTemplate: async () => template ?? undefined }
  const { ledger, world, timeout } = room
  const out = { ...test, id: newId(world.random), asker: { by: 'test' as const } }
  const filled = { connector, config: parseConfig(connector, tidied(connector, config)) }
  const connection = { connector, config: await worded(room, filled, out) }
  if (out.recipient.type === 'phone') await requirePossible(out.recipient.value, async () => false)
  const start = world.now()
  const attempt = { id: newId(world.random), nth: 1, connector: connector.id, at: start }
  const message = messageOf(out, attempt.id)
  await ledger.begin(out, attempt)
  let ids: Record<string, string>
  try {
    ids = (await sendOver(room, connection, message, timeout)).ids
  } catch (error) {
    const failed = asSendError(error)
    if (failed !== error)
      world.log('error', 'connector fault', {
        connector: connector.id,
        error: String((error as Error).stack),
      })
    const answer = struck(failed, connection, message)
    await ledger.end(attempt, { failed, answer })
    return {
      delivered: false,
      failure: failed.failure,
      ...(failed.code !== undefined && { providerCode: failed.code }),
      ...explain(connector.failures, failed.failure, failed.code, connector.pagesIn),
      maybeSent: failed.maybeSent,
      ...(failed.retryAfter !== undefined && { retryAfter: failed.retryAfter }),
      ...(answer && { answer }),
      took: world.now() - start,
    }
  }
  await ledger.end(attempt, { ids })
  return { delivered: true, ids, took: world.now() - start }
}

/**
 * Asks the provider about a configuration that is not saved, without sending anything; nothing for a connector that
 * cannot ask.
 *
 * @example const items = await checkConnection(room, connector, config)
 *
 * @throws ApiError `connector.invalid_config`
 */
export async function checkConnection(
  { world: { fetch, now, random }, timeout }: DeliveryRoom,
  connector: Connector,
  config: Record<string, unknown>,
): Promise<CheckItem[]> {
  const settings = parseConfig(connector, tidied(connector, config))
  return (await connector.check?.(settings, { fetch, now, random, deadline: timeout })) ?? []
}
