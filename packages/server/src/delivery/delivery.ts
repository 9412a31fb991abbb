import type { AttemptEntry, CheckItem, TestResult } from '@countersign/api'
import {
  type Connector,
  explain,
  type Message,
  SendError,
  secretKeys,
  type UsageType,
} from '@countersign/kit'
import { type Connection, type Connections, parseConfig, withoutEmpty } from '../connections/connections.ts'
import { newId } from '../crypto/chance.ts'
import type { Keys } from '../crypto/keys.ts'
import { open, seal } from '../crypto/seal.ts'
import type { Database } from '../db/database.ts'
import { describeError } from '../http/errors.ts'
import type { Recipient } from '../identifiers/recipient.ts'
import type { World } from '../world.ts'
import { attemptEntry } from './entry.ts'
import { keptAnswer, keptCode, keptIds } from './kept.ts'
import { createLedger } from './ledger.ts'
import { type MailTemplate, withTemplate } from './mail-template.ts'
import { redact, spellingsOf } from './redact.ts'
import { asSendError, toApiError } from './refusal.ts'
import { type AttemptRow, attemptStore } from './store.ts'

export interface OutgoingMessage {
  recipient: Recipient
  usageType: UsageType
  payload: Message['payload']
  /** The address that asked for it. */
  ip?: string | undefined
  /** For a test identity: written down, but no request leaves. */
  unsent?: boolean
}

/** `unconfirmed`: the request left but no answer came; the message may arrive. */
export type Outcome = 'accepted' | 'unconfirmed'

/**
 * What the caller stores along with a delivery. It is stored at the same time as the delivery's own record, so
 * that both wait for the disk only once.
 */
export interface Along {
  /** Must have resolved before the message leaves. */
  before?: Promise<void>
  /** Done when the message is out, or may be. When it fails, the message is out all the same. */
  after?(): Promise<void>
}

/** A recipient's record of tries is kept this long. */
const KEEP_ATTEMPTS = 30 * 24 * 60 * 60_000

const LEAST_FOR_RETRY = 500

/** A message as connectors take it. */
const messageOf = ({ recipient, usageType, payload, ip }: OutgoingMessage, attemptId: string): Message => ({
  to: recipient.value,
  ...(recipient.type === 'phone' && { hasCountryCode: true }),
  usageType,
  payload,
  attemptId,
  ...(ip !== undefined && { ip }),
})

/** Gets messages out, writes every try down, and decides by the failure what comes next. */
export function createDelivery(deps: {
  db: Database
  keys: Keys
  world: World
  connections: Pick<Connections, 'registry'>
  /** Milliseconds for one message, retries included. */
  timeout: number
  /** What an e-mail says, where an operator wrote that apart from the connection. */
  mailTemplate?(usageType: UsageType, locale: string | undefined): Promise<MailTemplate | undefined>
}) {
  const { keys, world, connections, timeout, mailTemplate } = deps
  const store = attemptStore(deps.db)
  const ledger = createLedger(store, world, timeout)
  const answerContext = (id: string) => `attempt/${id}`

  function struck(error: SendError, connection: Pick<Connection, 'connector' | 'config'>, message: Message) {
    if (!error.answer) return undefined
    const secrets = [
      ...secretKeys(connection.connector.settings).map(key => String(connection.config[key] ?? '')),
      ...(message.payload.code ? [message.payload.code] : []),
      ...spellingsOf(message.to),
    ]
    const { status, body } = error.answer
    return {
      ...(status !== undefined && { status }),
      ...(body !== undefined && { body: redact(body, secrets) }),
    }
  }

  /** Writes down that a message to a test identity was not sent, so that operators understand why it left no trace. */
  async function withhold(connection: Connection, out: OutgoingMessage, { before, after }: Along) {
    const id = newId(world.random)
    const record = store.insert({
      ...rowOf(id, connection.connector, out),
      state: 'not_sent',
      took: 0,
    })
    await whenStored(id, record, before)
    await after?.()
  }

  /** Waits for the record and what goes along. Where one of them cannot be stored nothing leaves, so there was no try. */
  async function whenStored(id: string, record: Promise<unknown>, before: Promise<void> | undefined) {
    const outcomes = await Promise.allSettled([record, before])
    const failed = outcomes.find(outcome => outcome.status === 'rejected')
    if (!failed) return
    await store
      .delete(id)
      .catch(error =>
        world.log('error', 'attempt not taken back', { attemptId: id, error: describeError(error) }),
      )
    throw failed.reason
  }

  const rowOf = (id: string, connector: Connector, out: OutgoingMessage): AttemptRow => ({
    id,
    connector: connector.id,
    channel: out.recipient.channel,
    usage_type: out.usageType,
    recipient: out.recipient.masked,
    state: 'sending',
    ids: '{}',
    failure: null,
    provider_code: null,
    answer: null,
    took: null,
    created_at: world.now(),
  })

  /** One try, from its row in the table to its outcome there. */
  async function attempt(
    connection: Connection,
    out: OutgoingMessage,
    deadline: number,
    { before, after }: Along,
  ): Promise<void> {
    const { connector } = connection
    const id = newId(world.random)
    const message = messageOf(out, id)
    const start = world.now()
    await whenStored(id, store.insert(rowOf(id, connector, out)), before)
    let ids: Record<string, string>
    try {
      // What the provider did stands alone here: an error of ours, from here on, is none of the message's.
      ids = (await send(connector, connection.config, message, deadline)).ids
    } catch (error) {
      const failed = asSendError(error)
      const answer = struck(failed, connection, message)
      const outcome = {
        state: failed.maybeSent ? 'unconfirmed' : 'failed',
        failure: failed.failure,
        provider_code: keptCode(failed.code),
        answer: answer ? seal(keys.seal, JSON.stringify(keptAnswer(answer)), answerContext(id)) : null,
        took: world.now() - start,
      }
      await ledger.write(id, outcome, failed.maybeSent ? after : undefined)
      world.log('warn', 'send failed', {
        attemptId: id,
        connector: connector.id,
        failure: failed.failure,
        ...(failed.code !== undefined && { providerCode: failed.code }),
        // A bug in a connector must be found; its stack holds no values.
        ...(failed !== error && { error: String((error as Error).stack) }),
      })
      throw failed
    }
    const took = world.now() - start
    // Another node may have taken this try for one of a dead process, and so noted a failure.
    await ledger.write(
      id,
      { state: 'accepted', failure: null, ids: JSON.stringify(keptIds(ids)), took },
      after,
    )
  }

  function send(connector: Connector, config: Record<string, unknown>, message: Message, deadline: number) {
    const { fetch, now, random } = world
    return connector.send(message, config as never, { fetch, now, random, deadline })
  }

  const toEntry = (row: AttemptRow): AttemptEntry => {
    const answer = row.answer === null ? null : JSON.parse(open(keys.seal, row.answer, answerContext(row.id)))
    return attemptEntry(row, connections.registry.byId(row.connector), answer)
  }

  return {
    /**
     * Delivers one message over the connection that was chosen for it. Tries a second time only when the first certainly did not go out.
     *
     * @throws ApiError `connector.*` when the provider refused, with `data.failure` saying in which way
     */
    async deliver(connection: Connection, out: OutgoingMessage, along: Along = {}): Promise<Outcome> {
      // `whenStored` hands a failure on; until then nobody waits for it, which must not end the process.
      along.before?.catch(() => undefined)
      // Fills defaults in; a connection saved without configuration is refused here.
      const config = parseConfig(connection.connector, connection.config)
      const { channel } = out.recipient
      const template = channel === 'email' && (await mailTemplate?.(out.usageType, out.payload.locale))
      const settings = {
        ...connection,
        config: template ? withTemplate(config, out.usageType, template) : config,
      }
      if (out.unsent) {
        await withhold(connection, out, along)
        return 'accepted'
      }
      const end = world.now() + timeout
      for (let again = true; ; again = false) {
        try {
          await attempt(settings, out, Math.max(1, end - world.now()), along)
          return 'accepted'
        } catch (error) {
          if (!(error instanceof SendError)) throw error
          if (error.maybeSent) return 'unconfirmed'
          const retry = again && error.then === 'retry' && end - world.now() > LEAST_FOR_RETRY
          if (!retry) throw toApiError(error)
        }
      }
    },
    /** Sends a test with a configuration that is not saved, and tells the whole story. @throws ApiError `connector.invalid_config` */
    async test(
      connector: Connector,
      config: Record<string, unknown>,
      out: OutgoingMessage,
    ): Promise<TestResult> {
      const settings = parseConfig(connector, withoutEmpty(config))
      const message = messageOf(out, newId(world.random))
      const start = world.now()
      try {
        const { ids } = await send(connector, settings, message, timeout)
        return { delivered: true, ids, took: world.now() - start }
      } catch (error) {
        const failed = asSendError(error)
        if (failed !== error)
          world.log('error', 'connector fault', {
            connector: connector.id,
            error: String((error as Error).stack),
          })
        const answer = struck(failed, { connector, config: settings }, message)
        return {
          delivered: false,
          failure: failed.failure,
          ...(failed.code !== undefined && { providerCode: failed.code }),
          ...explain(connector.failures, failed.failure, failed.code),
          maybeSent: failed.maybeSent,
          ...(failed.retryAfter !== undefined && { retryAfter: failed.retryAfter }),
          ...(answer && { answer }),
          took: world.now() - start,
        }
      }
    },
    /**
     * Asks the provider about a configuration that is not saved, without sending anything; nothing for a connector
     * that cannot ask. @throws ApiError `connector.invalid_config`
     */
    async check(connector: Connector, config: Record<string, unknown>): Promise<CheckItem[]> {
      const settings = parseConfig(connector, withoutEmpty(config))
      const { fetch, now, random } = world
      return (await connector.check?.(settings, { fetch, now, random, deadline: timeout })) ?? []
    },
    /** The tries, newest first, for operators. */
    async attempts(state: string | undefined, limit: number, offset: number) {
      const { rows, total } = await store.list(state, limit, offset)
      return { attempts: rows.map(toEntry), total }
    },
    /**
     * Tries that a dead process left behind are marked as unconfirmed, and the operator sees them; outcomes that could
     * not be stored before are stored.
     */
    recover: ledger.settle,
    /** Does the same now and then while the process runs. */
    start: ledger.start,
    stop: ledger.stop,
    purge: () => store.purge(world.now() - KEEP_ATTEMPTS),
  }
}

export type Delivery = ReturnType<typeof createDelivery>
