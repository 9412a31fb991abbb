import { type CostSums, costRoutes, MOST_DAYS, type Prices } from '@countersign/api'
import type { Connections } from '../connections/connections.ts'
import { listOf, ratesOf } from '../connections/prices.ts'
import type { Connection } from '../connections/room.ts'
import { csvHeaders } from '../http/csv.ts'
import type { Mount } from '../http/mount.ts'
import { dayNumber, zoneOf } from '../ledger/days.ts'
import { ApiError } from '../refusals/refusal.ts'
import type { World } from '../world.ts'
import type { Costs } from './costs.ts'
import { type Asked, spanOf } from './sums.ts'
import { costsCsv } from './table.ts'

/** What the routes of costs need of other rooms. */
export interface CostNeeds {
  world: Pick<World, 'now'>
  costs: Costs
  connections: Pick<Connections, 'list'>
  applications: { byId(id: string): Promise<{ name: string } | undefined> }
}

/** Refuses a parameter, naming it and the remedy. */
const wrong = (name: string, message: string) =>
  new ApiError('guard.invalid_input', {
    data: { issues: [{ code: 'custom', path: [name], message }], name: 'ZodError' },
    details: `Error in key path "${name}": (custom) ${message}`,
  })

type Query = Partial<
  Record<'from' | 'to' | 'timeZone' | 'country' | 'connectionId' | 'applicationId', string | undefined>
> &
  Partial<Pick<Asked, 'by'>>

/** Reads what is asked for. @throws ApiError `guard.invalid_input` naming the parameter */
function read({ from, to, timeZone = 'UTC', by = 'day', ...filter }: Query, now: number): Asked {
  const zone = zoneOf(timeZone)
  if (!zone) throw wrong('timeZone', 'must be the name of a time zone, such as Asia/Shanghai')
  const day = (name: 'from' | 'to', text: string | undefined) => {
    const number = text === undefined ? undefined : dayNumber(text)
    if (Number.isNaN(number)) throw wrong(name, 'there is no such day')
    return number
  }
  const { first, last } = spanOf({ from: day('from', from), to: day('to', to) }, now + zone.aheadAt(now))
  if (first > last) throw wrong('to', 'must not be before the first day')
  if (last - first >= MOST_DAYS) throw wrong('from', `at most ${MOST_DAYS} days at once`)
  return { by, zone, first, last, ...filter }
}

/**
 * What messages came to and cost, for operators.
 *
 * @example mountCosts(mount, { world, costs, connections, applications })
 */
export function mountCosts(mount: Mount, { world, costs, connections, applications }: CostNeeds): void {
  /** What operators call the connections or applications of the groups. */
  async function namesIn({ by, groups }: Pick<CostSums, 'by' | 'groups'>): Promise<Map<string, string>> {
    const ids = groups.flatMap(({ key }) => key ?? [])
    if (by === 'connection')
      return new Map(
        (await connections.list()).map(({ id, name, connector }) => [id, name ?? connector.name.en]),
      )
    if (by !== 'application') return new Map()
    const found = await Promise.all(ids.map(async id => [id, (await applications.byId(id))?.name] as const))
    return new Map(found.flatMap(([id, name]) => (name === undefined ? [] : [[id, name]])))
  }

  mount
    .add(costRoutes.sumCosts, async ({ query }) => {
      const sums = await costs.sum(read(query, world.now()))
      return { status: 200, body: { ...sums, keptDays: costs.keepDays } }
    })
    .add(costRoutes.exportCosts, async ({ query }) => {
      const sums = await costs.sum(read(query, world.now()))
      const names = await namesIn(sums)
      const headers = csvHeaders(`costs-${sums.from}-${sums.to}`)
      return { status: 200, text: costsCsv(sums, key => names.get(key)), headers }
    })
}

const pricesOf = (connection: Connection): Prices => ({
  isOwn: connection.prices !== null,
  rates: [...ratesOf(connection)],
  list: (list => list && { name: list.name, rates: [...list.rates] })(listOf(connection)) ?? null,
})

/**
 * What messages cost over each connection.
 *
 * @example mountPrices(mount, connections)
 */
export function mountPrices(mount: Mount, connections: Pick<Connections, 'get' | 'changePrices'>): void {
  mount
    .add(costRoutes.getPrices, async ({ params }) => ({
      status: 200,
      body: pricesOf(await connections.get(params.id)),
    }))
    .add(costRoutes.replacePrices, async ({ params, body }) => ({
      status: 200,
      body: pricesOf(await connections.changePrices(params.id, body.rates)),
    }))
    .add(costRoutes.resetPrices, async ({ params }) => ({
      status: 200,
      body: pricesOf(await connections.changePrices(params.id, null)),
    }))
}
