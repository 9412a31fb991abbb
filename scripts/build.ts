import { prepareConsole, stopwatch } from './build-console.ts'
import { buildProduct } from './build-product.ts'
import { PRODUCT } from './built.ts'

// `npm run build`: what people install, into `dist`. Nothing of it is committed.

/** False: it could not, and has said why. */
async function build(say: (line: string) => void): Promise<boolean> {
  if (!(await prepareConsole(say))) return false
  const since = stopwatch()
  try {
    await buildProduct(PRODUCT)
  } catch (error) {
    say((error as Error).message)
    return false
  }
  say(`The package countersign was built in dist/countersign (${since()}).`)
  return true
}

process.exitCode = (await build(line => console.error(line))) ? 0 : 1
