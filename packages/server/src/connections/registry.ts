import { connectors as ours } from '@countersign/connectors'
import { factoryIdOf } from '@countersign/connectors/logto'
import type { Connector } from '@countersign/kit'
import type { Plugin } from '../plugins/plugin.ts'
import type { Log } from '../world.ts'

/** Every connector that connections can be made with. */
export interface Registry {
  all: readonly Connector[]
  /** The connector of our own id, or of the one under which a package saved before we had a connector of that cloud. */
  byId(id: string): Connector | undefined
  /** The connector that the wire's factory id means. */
  byFactoryId(id: string): Connector | undefined
}

/**
 * Puts our own connectors and those of packages into one registry. Of two with the same id the first stays: our own
 * before a package's, and of packages the first by folder name.
 */
export function createRegistry(plugins: readonly Plugin[] = [], log?: Log): Registry {
  const all: Connector[] = [...ours]
  for (const plugin of plugins) {
    const taken = all.find(other => other.id === plugin.id || factoryIdOf(other) === plugin.id)
    if (taken)
      log?.('warn', 'connector package skipped', {
        package: plugin.package,
        error: `its connector's id "${plugin.id}" is taken already: by ${'package' in taken ? taken.package : `our own ${taken.id}`}`,
      })
    else all.push(plugin)
  }
  return {
    all,
    byId: id =>
      all.find(connector => connector.id === id) ?? all.find(connector => factoryIdOf(connector) === id),
    byFactoryId: id => all.find(connector => factoryIdOf(connector) === id),
  }
}
