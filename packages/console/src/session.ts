/**
 * The session of the operator as requests see it: one that finds it over waits until it goes on, while the page with
 * everything that was typed stays where it is.
 */
export function createSession() {
  let waiting: { goOn(): void; giveUp(reason: unknown): void }[] = []
  let tell: () => void = () => undefined
  const take = () => {
    const all = waiting
    waiting = []
    return all
  }
  return {
    /** Says that a request was refused for want of a session, and waits until there is one of the same operator. */
    untilItGoesOn: (): Promise<void> =>
      new Promise((goOn, giveUp) => {
        waiting.push({ goOn, giveUp })
        tell()
      }),

    /** Who is told when a request finds the session over. */
    onEnd(listener: () => void): void {
      tell = listener
    },

    /** The operator is signed in: what waits is asked once more. */
    goOn: (): void => {
      for (const one of take()) one.goOn()
    },

    /** Nobody can say whether the operator is signed in: what waits fails. */
    giveUp: (reason: unknown): void => {
      for (const one of take()) one.giveUp(reason)
    },
  }
}

/** The session of this page. */
export const session = createSession()
