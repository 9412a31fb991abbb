import { prepareConsole, stopwatch } from './build-console.ts'
import { buildLibraries } from './build-libraries.ts'
import { buildProduct } from './build-product.ts'
import { LIBRARIES, PRODUCT } from './built.ts'

// `npm run build`: what people install, into `dist`. Nothing of it is committed.

/** False: it could not, and has said why. */
async function build(say: (line: string) => void): Promise<boolean> {
  if (!(await prepareConsole(say))) return false
  try {
    let since = stopwatch()
    await buildProduct(PRODUCT)
    say(`The package countersign was built in dist/countersign (${since()}).`)
    since = stopwatch()
    if (await buildLibraries(LIBRARIES))
      say(`The packages @countersign/kit and @countersign/connectors were built in dist (${since()}).`)
    else
      say(
        'Without TypeScript, which npm ci brings, @countersign/kit and @countersign/connectors are not built.',
      )
    return true
  } catch (error) {
    say((error as Error).message)
    return false
  }
}

process.exitCode = (await build(line => console.error(line))) ? 0 : 1
