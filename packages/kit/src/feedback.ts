import type { Localized } from './failures.ts'
import type { Destination } from './phone.ts'
import type { SendWorld } from './send-world.ts'
import type { SettingsTable, Values } from './settings.ts'

/** What became of the code of one message that a provider has taken; nothing in it tells whose it was. */
export interface Conversion {
  /** The provider's ids of the message, by the names under which `Sent` gave them. */
  ids: Readonly<Record<string, string>>
  destination: Destination
  /** When the message was handed over, in milliseconds since the Unix epoch. */
  sentAt: number
  /** When the code was typed back; left out for one whose time is over. */
  usedAt?: number
}

/** How a provider is told whether codes were used. It watches its routes by that. */
export interface Feedback<T extends SettingsTable = SettingsTable> {
  /** What the provider must have granted before it may be told, and of which messages it wants to hear. */
  needs: Localized
  /** Whether the provider wants to hear of such a message. It is asked before anything is reported. */
  takes(conversion: Conversion): boolean
  /**
   * Reports one message, in exactly one request and without anything of its recipient. Resolves only on the provider's
   * own success mark.
   *
   * @throws SendError
   */
  report(conversion: Conversion, settings: Values<T>, world: SendWorld): Promise<void>
}
