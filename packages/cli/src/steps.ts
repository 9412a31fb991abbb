import { styleText } from 'node:util'

const MOST_REMARK = 80

/** A step that did not do what it should; the message is for the reader of the tour. */
export class Failed extends Error {
  override name = 'Failed'
}

/** Ends the step unless the condition holds; what was seen instead goes along. */
export function expect(condition: boolean, wanted: string, seen?: unknown): asserts condition {
  if (condition) return
  throw new Failed(seen === undefined ? wanted : `${wanted}; instead: ${JSON.stringify(seen)}`)
}

/** One chapter of the tour: its steps build on each other, so that after a failure the others are left out. */
export interface Chapter {
  /** Runs a step and prints its line. What it returns is a remark that stands behind its name. */
  step(name: string, work: () => Promise<string | undefined>): Promise<void>
}

/** Prints the tour and counts. */
export interface Report {
  chapter(title: string): Chapter
  /** Prints the sum and returns how many steps failed or were left out. */
  close(): number
}

/** Prints one line for each step: mark, name, remark, milliseconds. Colours only where a terminal shows them. */
export function createReport(
  write: (line: string) => void,
  colours: boolean,
  now: () => number = performance.now.bind(performance),
): Report {
  const paint = (format: 'green' | 'red' | 'dim' | 'bold', text: string) =>
    colours ? styleText(format, text, { validateStream: false }) : text
  const start = now()
  let passed = 0
  let failed = 0
  let leftOut = 0

  return {
    chapter(title) {
      write(`\n${paint('bold', title)}`)
      let broken = false
      return {
        async step(name, work) {
          if (broken) {
            leftOut += 1
            write(`  ${paint('dim', `– ${name}`)}`)
            return
          }
          const began = now()
          const took = () => paint('dim', `${Math.round(now() - began)} ms`)
          try {
            const remark = await work()
            passed += 1
            write(
              `  ${paint('green', '✓')} ${name}${remark ? paint('dim', ` – ${brief(remark)}`) : ''} ${took()}`,
            )
          } catch (error) {
            failed += 1
            broken = true
            write(`  ${paint('red', '✗')} ${name} ${took()}`)
            write(`      ${paint('red', tell(error))}`)
          }
        },
      }
    },
    close() {
      const seconds = ((now() - start) / 1000).toFixed(1)
      const sum = [
        `${passed} passed`,
        ...(failed ? [`${failed} failed`] : []),
        ...(leftOut ? [`${leftOut} left out`] : []),
      ]
      write(`\n${paint(failed ? 'red' : 'green', `${sum.join(', ')} in ${seconds} s`)}`)
      return failed + leftOut
    },
  }
}

/** A remark that leaves the line a line. */
const brief = (remark: string) =>
  remark.length > MOST_REMARK ? `${remark.slice(0, MOST_REMARK - 1)}…` : remark

/** A failure in one line; of an unexpected error the place as well. */
function tell(error: unknown): string {
  if (error instanceof Failed) return error.message
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : ''
  return `${error.message}${cause}\n${error.stack?.split('\n').slice(1, 4).join('\n') ?? ''}`
}
