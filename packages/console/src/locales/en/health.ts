/** How connections work: what their state means and what can be done about it. */
export const health = {
  health: {
    states: {
      healthy: 'Works',
      held: 'Held back',
      failing: 'Rests',
      balance_exhausted: 'Out of balance',
      credentials_rejected: 'Keys rejected',
    },
    since: (time: string) => `Since ${time}.`,
    restingText: 'Messages go over other connections where these can carry them.',
    heldText: 'It is asked last, until somebody lets messages go over it again.',
    next: (time: string) => `A message tries it again after ${time}.`,
    nextNow: 'The next message tries it again.',
    remedy: 'Remedy',
    again: 'Let messages go over it again',
    againNamed: (name: string) => `Let messages go over ${name} again`,
    hold: 'Hold back',
    holdNamed: (name: string) => `Hold ${name} back`,
    stateNamed: (name: string) => `How ${name} works`,
  },
}
