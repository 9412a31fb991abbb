/**
 * The order of a message's attempts in which the first says how the message stands: one that was accepted, then one that is
 * under way, then one that may have left; of several the last.
 */
export const FURTHEST_FIRST = `case state when 'accepted' then 0 when 'sending' then 1 when 'unconfirmed' then 2 else 3 end, nth desc`
