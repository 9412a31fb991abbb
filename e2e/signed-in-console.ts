import type { BrowserContext, Page } from 'playwright-core'
import { buildConsole } from '../scripts/build-console.ts'
import { ConsolePages } from './console-pages.ts'
import { discard, FIRST_OPERATOR, type Ready, startReady } from './ready.ts'
import { openStage, type Stage } from './stage.ts'

/** A running product in whose console the first operator has signed in. */
export interface SignedInConsole {
  ready: Ready
  stage: Stage
  profile: BrowserContext
  page: Page
  operator: ConsolePages
}

/**
 * Starts a product and signs its first operator in, in a browser on a phone. `closeConsole` ends both.
 *
 * @param settings of the product, by their names in the environment
 */
export async function openSignedInConsole(settings: Record<string, string> = {}): Promise<SignedInConsole> {
  await buildConsole()
  const ready = await startReady(settings)
  const stage = await openStage()
  try {
    const profile = await stage.profile()
    const page = await profile.newPage()
    const operator = new ConsolePages(page)
    await operator.welcome(ready.product.firstLink!, FIRST_OPERATOR.name, FIRST_OPERATOR.password)
    return { ready, stage, profile, page, operator }
  } catch (error) {
    await closeConsole({ ready, stage })
    throw error
  }
}

/** Ends the browser and the product, where they have been opened. */
export async function closeConsole({ ready, stage }: Partial<SignedInConsole>): Promise<void> {
  await stage?.close()
  await discard(ready?.product)
}
