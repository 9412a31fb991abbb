import { randomBytes } from 'node:crypto'
import type { Connector, Fetch, SendWorld } from '@countersign/kit'
import { realFetch } from '@countersign/server'
import type { Clouds } from '@countersign/simulators'
import { usageError } from './exit-codes.ts'

/** As long as the server gives a send. */
export const DEFAULT_TIMEOUT = 8000

/** The outside of one command: the network, or a simulated cloud of this process. */
export interface Outside {
  world: SendWorld
  /** Absent where messages really go out. */
  clouds?: Clouds
}

/** Opens the way to the provider, or to its stand-in. */
export async function openOutside(
  connector: Connector,
  { simulated, deadline }: { simulated: boolean; deadline: number },
): Promise<Outside> {
  const about = { now: Date.now, random: (size: number) => randomBytes(size), deadline }
  if (!simulated) return { world: { ...about, fetch: realFetch } }
  // Loaded only where it is used.
  const { createClouds, sampleSettings } = await import('@countersign/simulators')
  const { id } = connector
  if (!isSimulated(id, sampleSettings)) throw usageError(`There is no simulated cloud for ${id}.`)
  const clouds = createClouds()
  const answer = clouds.only(id)
  // Whatever endpoint or proxy is configured: nothing leaves this machine.
  const fetch: Fetch = async (url, { method, headers, body, signal }) => {
    signal.throwIfAborted()
    return answer(new Request(url, { method, headers, signal, ...(body !== undefined && { body }) }))
  }
  return { world: { ...about, fetch }, clouds }
}

const isSimulated = <T extends object>(id: string, samples: T): id is Extract<keyof T, string> =>
  Object.hasOwn(samples, id)
