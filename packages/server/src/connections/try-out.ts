import type { CheckItem, TestResult } from '@countersign/api'
import {
  type Connector,
  explain,
  type MailTemplate,
  type Rate,
  type SendError,
  type Sent,
} from '@countersign/kit'
import { newId } from '../crypto/chance.ts'
import type { World } from '../world.ts'
import { parseConfig, tidied } from './configuration.ts'
import { rateOf } from './prices.ts'
import { asSendError, messageOf, sendOver, struck, type Wording, type Written, worded } from './sending.ts'

interface TestAttempt {
  id: string
  nth: number
  connector: string
  rate: Rate | undefined
  at: number
}

/** What tests and checks work with. */
export interface TryOutRoom extends Wording {
  world: World
  /** Where the message of a test and its attempt are written down, as those of any other. */
  ledger: {
    begin(message: Written & { id: string; asker: { by: 'test' } }, attempt: TestAttempt): Promise<void>
    end(
      attempt: TestAttempt,
      outcome: Sent | { failed: SendError; answer: { status?: number; body?: string } | undefined },
    ): Promise<void>
  }
  /** Milliseconds for one request. */
  timeout: number
  /** @throws ApiError `user.invalid_phone` for a number that no message can reach */
  requirePossible(phone: string): Promise<void>
}

/**
 * Sends a test with a configuration that is not saved, and tells the whole story.
 *
 * @example const { delivered, failure } = await testConnection(room, connector, config, message)
 *
 * @param template what an e-mail says, in place of the operator's own text for it; null for what the configuration says
 * @throws ApiError `connector.invalid_config`, `user.invalid_phone`
 */
export async function testConnection(
  tryOuts: TryOutRoom,
  connector: Connector,
  config: Record<string, unknown>,
  test: Written,
  template?: MailTemplate | null,
): Promise<TestResult> {
  const room: TryOutRoom =
    template === undefined ? tryOuts : { ...tryOuts, mailTemplate: async () => template ?? undefined }
  const { ledger, world, timeout } = room
  const out = { ...test, id: newId(world.random), asker: { by: 'test' as const } }
  const filled = { connector, config: parseConfig(connector, tidied(connector, config)) }
  const connection = { connector, ...(await worded(room, filled, out)) }
  if (out.recipient.type === 'phone') await room.requirePossible(out.recipient.value)
  const start = world.now()
  const attempt = {
    id: newId(world.random),
    nth: 1,
    connector: connector.id,
    rate: rateOf(connection, out.recipient),
    at: start,
  }
  const message = messageOf(out, attempt.id)
  await ledger.begin(out, attempt)
  let sent: Sent
  try {
    sent = await sendOver(room, connection, message, timeout)
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
  await ledger.end(attempt, sent)
  return { delivered: true, ids: sent.ids, took: world.now() - start }
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
  { world: { fetch, now, random }, timeout }: TryOutRoom,
  connector: Connector,
  config: Record<string, unknown>,
): Promise<CheckItem[]> {
  const settings = parseConfig(connector, tidied(connector, config))
  return (await connector.check?.(settings, { fetch, now, random, deadline: timeout })) ?? []
}

/**
 * Tries configurations out that are not saved: each use case in its room.
 *
 * @example await createTryOuts(room).check(connector, config)
 */
export const createTryOuts = (room: TryOutRoom) => ({
  test: testConnection.bind(null, room),
  check: checkConnection.bind(null, room),
})

export type TryOuts = ReturnType<typeof createTryOuts>
