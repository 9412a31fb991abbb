/**
 * Loaded by a node before anything else, as `node --import`: its clock can be set. `SIGUSR2` puts it forward by
 * `CHAOS_JUMP` milliseconds, and the next one back again.
 */
const jump = Number(process.env.CHAOS_JUMP)
const Real = Date
let ahead = 0

class Shifted extends Real {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(Real.now() + ahead)
    else super(...(given as [number]))
  }

  static override now(): number {
    return Real.now() + ahead
  }
}

globalThis.Date = Shifted as DateConstructor
process.on('SIGUSR2', () => {
  ahead = ahead === 0 ? jump : 0
})

export {}
