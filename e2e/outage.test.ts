import { describe, expect, it } from 'vitest'
import { drillPostgres } from '../drills/database/postgres.ts'
import { drillSqlite } from '../drills/database/sqlite.ts'
import type { Findings } from '../drills/database/trial.ts'
import { holds, isBound } from '../drills/table.ts'
import { newInstallation, removeInstallation, startProduct } from '../packages/cli/src/product.ts'

/** What is beyond its bound, but for what took long: how fast a machine is decides no test. */
function faultsIn({ phases, figures, complaints }: Findings): string[] {
  const broken = [{ title: 'in the end', figures }, ...phases].flatMap(({ title, figures }) =>
    figures
      .filter(figure => figure.unit !== 'ms' && isBound(figure) && !holds(figure))
      .map(({ what, value }) => `${title}: ${value} ${what}`),
  )
  return [...broken, ...complaints]
}

describe('visitors who sign in by code', () => {
  it.skipIf(!process.env.TEST_DATABASE_URL)(
    'lose nothing when PostgreSQL ends sessions and is started anew',
    async () => {
      const findings = await drillPostgres(['sessions ended', 'restart'])
      expect(faultsIn(findings!)).toEqual([])
      expect(findings!.phases.map(({ title }) => title)).toEqual(['no blow', 'restart', 'sessions ended'])
    },
    120_000,
  )

  it('lose nothing when another process locks the file of SQLite', async () => {
    const findings = await drillSqlite(['lock held for a moment'])
    expect(faultsIn(findings!)).toEqual([])
    expect(findings!.phases).toHaveLength(2)
  }, 120_000)
})

it('a server that is asked to stop says that others should serve, before it takes no more requests', async () => {
  const installation = await newInstallation({ DRAIN_TIME: '2000' })
  const product = await startProduct(installation)
  const ready = async () => {
    const answer = await fetch(`${product.endpoint}/api/health/ready`)
    return [answer.status, await answer.json()]
  }
  try {
    expect(await ready()).toEqual([200, { status: 'ready' }])
    const stopping = product.stop()
    await expect
      .poll(ready, { interval: 20 })
      .toEqual([503, { status: 'not_ready', failing: [expect.objectContaining({ name: 'draining' })] }])
    for (const address of [product.endpoint, product.consoleUrl]) {
      const answer = await fetch(`${address}/api/status`)
      expect([answer.status, answer.headers.get('connection')]).toEqual([204, 'close'])
    }
    const pages = await fetch(`${product.endpoint}/oidc/.well-known/openid-configuration`)
    expect([pages.status, pages.headers.get('connection')]).toEqual([200, 'close'])
    await stopping
    expect(product.exitCode()).toBe(0)
  } finally {
    await product.stop()
    await removeInstallation(installation)
  }
})
