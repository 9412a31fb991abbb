import { patiently } from './patience.ts'

/**
 * Does work now and then while the process runs: one round after another, each patient with a database that is away. A
 * round that fails is told to `failed`, and the next one comes all the same. The timer keeps no process awake.
 *
 * @param every milliseconds
 * @example
 * const looks = nowAndThen(look, 10_000, error => world.log('error', 'not looked', { error: describeError(error) }))
 * looks.start()
 * await looks.stop()
 */
export function nowAndThen(work: () => Promise<void>, every: number, failed: (error: unknown) => void) {
  let timer: NodeJS.Timeout | undefined
  let underWay: Promise<void> | undefined
  return {
    start(): void {
      timer ??= setInterval(() => {
        underWay ??= patiently(work)
          .catch(failed)
          .finally(() => {
            underWay = undefined
          })
      }, every)
      timer.unref()
    },
    /** Begins no other round; resolves when the one that is under way is over. */
    async stop(): Promise<void> {
      clearInterval(timer)
      await underWay
    },
  }
}
