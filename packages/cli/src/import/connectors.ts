import { ApiError, parseConfig, tidied, withoutEmpty } from '@countersign/server/move-in'
import { secretsIn } from '../configuration.ts'
import { pathOf } from '../words.ts'
import { carryOut, decide } from './decide.ts'
import type { Move, Note, Outcome } from './outcome.ts'
import { member, sentenceOf, text } from './reading.ts'

const KIND = 'connectors'

/** Connectors of messages with their configurations: one a channel, over our own or a loaded package's connector. */
export async function* moveConnectors(move: Move): AsyncIterable<Outcome> {
  for (const given of await move.source.list('/api/connectors')) yield await moveOne(move, given)
}

async function moveOne(move: Move, given: unknown): Promise<Outcome> {
  const id = text(member(given, 'id')) ?? '?'
  const factoryId = text(member(given, 'connectorId')) ?? '?'
  const about = { id, label: labelOf(given, factoryId) }
  const skip = (reason: Note): Outcome => ({ ...about, action: 'skipped', reason })
  if (member(given, 'type') === 'Social')
    return skip({ text: 'Countersign has no sign-in over social accounts' })
  if (member(given, 'isDemo') === true) return skip({ text: 'it belongs to Logto and works there alone' })
  const connector = move.here.connections.registry.byFactoryId(factoryId)
  if (!connector)
    return skip({
      text: 'Countersign has no such connector of its own',
      remedy:
        "Put Logto's package of it in CONNECTORS_DIR (docs/connector-packages.md) and import again, or set another connector up in the console.",
      lost: true,
    })

  const config = tidied(connector, member(given, 'config') ?? {})
  const metadata = (withoutEmpty(member(given, 'metadata') ?? {}) ?? {}) as Record<string, unknown>
  const problem = problemOf(() => parseConfig(connector, config), config)
  if (problem) return { ...about, action: 'failed', reason: problem }

  const { channel } = connector
  const current = await move.here.connections.byChannel(channel)
  const pair = {
    kind: KIND,
    // One a channel: whatever its id, the next one takes its place.
    id: channel,
    seen: current && { connector: current.connector.id, config: current.config, metadata: current.metadata },
    wanted: { connector: connector.id, config, metadata },
  }
  const outcome: Outcome = { ...about, ...(await decide(move, pair)) }
  if (outcome.action !== 'kept') move.ahead.connectors[channel] = connector
  await carryOut(move, pair, outcome, () =>
    move.here.connections.save({
      connector,
      config,
      metadata,
      // The same connection in a newer state keeps its id here; one of another connector takes its place.
      ...(current?.connector === connector ? { id: current.id } : id !== '?' && { id }),
    }),
  )
  return outcome
}

function labelOf(given: unknown, factoryId: string): string {
  const name = text(member(member(given, 'name'), 'en'))
  return name ? `${name} (${factoryId})` : factoryId
}

/** Why a configuration is refused: the fields, never what stands in them. */
function problemOf(check: () => unknown, config: object): Note | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const issues = member(error.data, 'issues')
    const fields = (Array.isArray(issues) ? issues : []).map(issue => {
      const message = String(member(issue, 'message'))
      const tells = secretsIn(config, []).some(secret => secret !== '' && message.includes(secret))
      return `${pathOf((member(issue, 'path') as string[]) ?? [])}${tells ? '' : ` ${message}`}`
    })
    return {
      text: `its configuration is not valid here: ${fields.join('; ') || sentenceOf(error)}`,
      remedy: 'Correct it there and import again, or set the connector up in the console here.',
    }
  }
}
