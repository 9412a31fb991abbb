import { SEND_SCOPES, type SendLimits, type SendScope } from '@countersign/api'

export const CHANNELS = ['sms', 'email'] as const
export type Channel = (typeof CHANNELS)[number]

export const WINDOWS = ['pause', 'minute', 'hour', 'day'] as const
export type Window = (typeof WINDOWS)[number]

/** The path of one limit in what is sent. */
export type LimitField = `${Channel}.${SendScope}.${Window}`

/** What is typed for each limit; empty for none. */
export type LimitForm = Record<LimitField, number | string>

/** What messages of a channel are counted by: e-mails have no numbers. */
export const scopesOf = (channel: Channel): readonly SendScope[] =>
  channel === 'sms' ? SEND_SCOPES : SEND_SCOPES.filter(scope => scope !== 'prefix' && scope !== 'country')

/** One value for each limit that there can be. */
export const eachLimit = <T>(
  make: (channel: Channel, scope: SendScope, window: Window) => T,
): Record<LimitField, T> =>
  Object.fromEntries(
    CHANNELS.flatMap(channel =>
      scopesOf(channel).flatMap(scope =>
        WINDOWS.map(window => [`${channel}.${scope}.${window}`, make(channel, scope, window)]),
      ),
    ),
  ) as Record<LimitField, T>

export const toForm = (limits: SendLimits): LimitForm =>
  eachLimit((channel, scope, window) => {
    const scopes: Partial<SendLimits['sms']> = limits[channel]
    return scopes[scope]?.[window] ?? ''
  })

/** What is sent: all limits, set or not. */
export function toBody(form: LimitForm): SendLimits {
  const windowsOf = (channel: Channel, scope: SendScope) =>
    Object.fromEntries(
      WINDOWS.map(window => {
        const typed = form[`${channel}.${scope}.${window}`]
        return [window, typed === '' ? null : Number(typed)]
      }),
    )
  const limitsOf = (channel: Channel) =>
    Object.fromEntries(scopesOf(channel).map(scope => [scope, windowsOf(channel, scope)]))
  return { sms: limitsOf('sms'), email: limitsOf('email') } as SendLimits
}
