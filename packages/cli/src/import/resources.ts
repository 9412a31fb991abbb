import { resourceRoutes } from '@countersign/api'
import { MANAGEMENT_API, type StoredResource, type StoredScope } from '@countersign/server/move-in'
import { carryOut, decide } from './decide.ts'
import type { Move, Outcome } from './outcome.ts'
import { member, read, text } from './reading.ts'

const ResourceBody = resourceRoutes.createResource.body
const ScopeBody = resourceRoutes.createResourceScope.body

/** API resources and their scopes, without Logto's own API: it is built in here too. */
export async function* moveResources(move: Move): AsyncIterable<Outcome> {
  for (const given of await move.source.list('/api/resources?includeScopes=true')) {
    const indicator = text(member(given, 'indicator')) ?? '?'
    if (indicator === MANAGEMENT_API || indicator === move.resource) continue
    yield await moveOne(move, given, indicator)
  }
}

async function moveOne(move: Move, given: unknown, indicator: string): Promise<Outcome> {
  const about = {
    id: text(member(given, 'id')) ?? '?',
    label: `${text(member(given, 'name')) ?? '?'} (${indicator})`,
  }
  const wanted = wantedOf(given)
  if ('problem' in wanted)
    return {
      ...about,
      action: 'failed',
      reason: { text: wanted.problem, remedy: 'Change it there and import again, or make it here by hand.' },
    }
  const all = await move.here.resources.list(true)
  const seen = all.find(each => each.indicator === indicator)
  // There is one default; who chose one here keeps it.
  if (all.some(each => each.isDefault && each !== seen)) wanted.resource.isDefault = false
  const plain = (resource: StoredResource, scopes: readonly Pick<StoredScope, 'name' | 'description'>[]) => ({
    name: resource.name,
    accessTokenTtl: resource.accessTokenTtl,
    isDefault: resource.isDefault,
    scopes: scopes
      .map(({ name, description }) => ({ name, description }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  })
  const pair = {
    kind: 'resources',
    id: indicator,
    seen: seen && plain(seen, seen.scopes ?? []),
    wanted: plain(wanted.resource, wanted.scopes),
  }
  const outcome: Outcome = { ...about, ...(await decide(move, pair)) }
  // Who found it by its id here goes on doing so.
  const id = seen?.id ?? wanted.resource.id
  await carryOut(move, pair, outcome, () =>
    move.here.resources.import(
      { ...wanted.resource, id },
      wanted.scopes.map(scope => ({ ...scope, resourceId: id })),
    ),
  )
  return outcome
}

function wantedOf(given: unknown): { resource: StoredResource; scopes: StoredScope[] } | { problem: string } {
  const id = text(member(given, 'id'))
  const body = read(ResourceBody, given)
  if ('problem' in body) return body
  if (id === undefined) return { problem: 'id is missing' }
  const scopes: StoredScope[] = []
  const list = member(given, 'scopes')
  for (const each of Array.isArray(list) ? list : []) {
    const scopeId = text(member(each, 'id'))
    const scope = read(ScopeBody, {
      name: member(each, 'name'),
      description: member(each, 'description') ?? undefined,
    })
    if ('problem' in scope) return { problem: `scope ${text(member(each, 'name')) ?? '?'}: ${scope.problem}` }
    if (scopeId === undefined) return { problem: 'the id of a scope is missing' }
    const { name, description = null } = scope.data
    scopes.push({
      id: scopeId,
      resourceId: id,
      name,
      description,
      createdAt: Number(member(each, 'createdAt')) || 0,
    })
  }
  const { name, indicator, accessTokenTtl = 3600 } = body.data
  const isDefault = member(given, 'isDefault') === true
  return { resource: { id, name, indicator, accessTokenTtl, isDefault }, scopes }
}
