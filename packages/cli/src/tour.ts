import { CLOUDS, setUpCloud } from './cloud.ts'
import { liveThrough } from './end-user.ts'
import { createInboxReader } from './inbox.ts'
import { createManagement } from './management.ts'
import { newInstallation, removeInstallation, startProduct } from './product.ts'
import { createReport } from './steps.ts'

/**
 * `npm run tour`: starts a server of its own and does by API what a new operator and a first user do, over all
 * clouds, which the built-in simulators stand in for. Returns whether every step did what it should.
 */
async function tour(): Promise<boolean> {
  const write = (line: string) => process.stdout.write(`${line}\n`)
  const colours = process.stdout.isTTY === true && !process.env.NO_COLOR
  const report = createReport(write, colours)
  // Not DATABASE_URL: the tour replaces connections, and must never meet a database that somebody uses.
  const { TOUR_DATABASE_URL } = process.env
  const installation = await newInstallation(TOUR_DATABASE_URL ? { DATABASE_URL: TOUR_DATABASE_URL } : {})
  try {
    const product = await startProduct(installation)
    try {
      write(`A tour of ${product.endpoint}, a server of its own with an empty database.`)
      const management = await createManagement(product)
      const inbox = createInboxReader(product.inboxUrl)
      for (const cloud of CLOUDS) {
        const chapter = report.chapter(cloud.title)
        await setUpCloud(chapter, cloud, { management, inbox })
        await liveThrough(chapter, cloud, { management, inbox, endpoint: product.endpoint })
      }
    } finally {
      await product.stop()
    }
  } finally {
    await removeInstallation(installation)
  }
  return report.close() === 0
}

// Leaving by `exit` takes the server along.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

try {
  process.exitCode = (await tour()) ? 0 : 1
} catch (error) {
  process.stderr.write(`${(error as Error).stack ?? error}\n`)
  process.exitCode = 1
}
