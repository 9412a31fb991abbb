import { type Figure, holds, isBound } from './table.ts'

/**
 * Runs a drill as a command: with the words behind it, for so long at most. The process ends with 0 where all bounds hold,
 * else with 1, and with 130 where somebody stops it; it always ends by `exit`, which takes what the drill has started along.
 *
 * @param atMost milliseconds: nobody waits longer, whatever the drill does to what it has started
 * @example await runAsCommand(words => drill(words), 180_000)
 */
export async function runAsCommand(
  drill: (words: readonly string[]) => Promise<boolean>,
  atMost: number,
): Promise<void> {
  const tooLong = setTimeout(() => {
    console.error(`The drill took longer than ${atMost / 60_000} minutes`)
    process.exit(1)
  }, atMost)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  process.exitCode = (await drill(process.argv.slice(2))) ? 0 : 1
  clearTimeout(tooLong)
}

/**
 * Prints how many of the bounds hold.
 *
 * @param names of the parts, one of which a word after the command must name
 * @param complaints each counts as a bound that does not hold
 * @returns true where all of them hold
 * @throws Error that names the parts where none was run
 * @example return conclude(figures, ['sqlite', 'postgresql'])
 */
export function conclude(figures: readonly Figure[], names: readonly string[], complaints = 0): boolean {
  const bounded = figures.filter(isBound)
  const [held, bound] = [bounded.filter(holds).length, bounded.length + complaints]
  if (bound === 0)
    throw new Error(`Nothing is called so. There are:\n${names.map(name => `- ${name}`).join('\n')}`)
  console.log(`\n${held} of ${bound} bounds hold`)
  return held === bound
}
