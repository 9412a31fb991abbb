/** How many messages go to one number. A pause is in seconds; null is no limit. */
export interface Windows {
  pause: number | null
  minute: number | null
  hour: number | null
  day: number | null
}

/**
 * How many messages a provider takes for one mainland number before it refuses the next one, of its own accord. Minutes,
 * hours and days are those of the clock in Beijing, unless they are `rolling`; a pause follows each message.
 */
export interface ProviderWindows {
  /** What holds while nobody has changed it at the provider. The configuration may be half filled in. */
  usual(settings: Readonly<Record<string, unknown>>): Windows
  /** The windows that reach back from each message. */
  rolling: readonly ('minute' | 'hour' | 'day')[]
  /** The settings by which the provider counts apart, such as the signature. */
  by: readonly string[]
}
