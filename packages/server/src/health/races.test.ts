import { sampleSettings } from '@countersign/simulators'
import { expect, test } from 'vitest'
import { createConnections } from '../connections/connections.ts'
import { eachDatabase } from '../db/testing.ts'
import { testKeys, testWorld } from '../testing/world.ts'
import { createHealth } from './health.ts'

const NODES = 20

eachDatabase('of many nodes that see the same at the same moment', openFresh => {
  test('one changes how a connection works, and tells of it; one tries it; and one finds it working', async () => {
    const db = await openFresh()
    const world = testWorld()
    const connections = createConnections(db, testKeys, world)
    const connector = connections.registry.byId('aliyun-sms')!
    const { id } = await connections.save({ connector, config: sampleSettings['aliyun-sms'] })
    const told: string[] = []
    const nodes = Array.from({ length: NODES }, () =>
      createHealth({
        db,
        world,
        timeout: 8000,
        connections: connections.list,
        ended: async () => [],
        telling: async ({ before, after }) => ({
          async write() {
            told.push(`${before.state} → ${after.state}`)
          },
        }),
      }),
    )
    const [connection] = await connections.list()
    const look = () => Promise.all(nodes.map(node => node.of(connection!)))
    const report = (failure: 'balance_exhausted' | null) =>
      Promise.all(nodes.map(node => node.report(connection!, { failure, at: world.now() })))
    await look()

    await report('balance_exhausted')
    expect((await look()).map(({ reason }) => reason)).toEqual(Array(NODES).fill('balance_exhausted'))
    expect(told.splice(0)).toEqual(['healthy → resting'])
    const claim = async () =>
      (await Promise.all(nodes.map(node => node.claim(connection!, false)))).filter(isTaken => isTaken).length
    expect(await claim()).toBe(0)
    world.wait(10_000)
    expect(await claim()).toBe(1)
    await look()
    world.wait(10_000)
    // It is put off further each time.
    expect(await claim()).toBe(0)
    world.wait(10_000)
    expect(await claim()).toBe(1)

    await report(null)
    expect(await claim()).toBe(NODES)
    expect((await look()).map(({ state }) => state)).toEqual(Array(NODES).fill('healthy'))
    expect(told.splice(0)).toEqual(['resting → healthy'])
    await Promise.all(nodes.map(node => node.override(id, 'held')))
    expect(told.splice(0)).toEqual(['healthy → held'])

    await connections.delete(id)
    await nodes[0]!.purge()
    expect(await db.selectFrom('connection_health').selectAll().execute()).toEqual([])
  })
})
