import { type Connector, type Issue, isObject } from '@countersign/kit'

/**
 * Members of a configuration that Logto's own connector of the same cloud names otherwise: ours first. The rest have the
 * same names. `factory.ts` beside it has the ids.
 */
const MEMBERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'aliyun-dm': { region: 'regionId' },
}

/** Members that mean nothing in Logto, which hears from no provider what became of a message. */
const OURS_ALONE: Readonly<Record<string, readonly string[]>> = { 'aliyun-dm': ['eventToken'] }

/** Whether Logto's form shows a member of a connector's configuration. */
export const isInLogto = ({ id }: Pick<Connector, 'id'>, key: string): boolean =>
  OURS_ALONE[id]?.includes(key) !== true

const membersOf = ({ id }: Pick<Connector, 'id'>) => Object.entries(MEMBERS[id] ?? {})

/** What Logto calls a member of a connector's configuration. */
export const logtoMember = (connector: Pick<Connector, 'id'>, key: string): string =>
  MEMBERS[connector.id]?.[key] ?? key

const isGiven = (value: unknown) => value !== undefined && value !== null && value !== ''

/**
 * A configuration under our names, whichever of the two it was written with. Where it has both, the name counts that the
 * operator sees: in Logto's form its own, with us ours.
 *
 * @param seen whose form the operator fills in
 */
export function underOurNames<C>(connector: Pick<Connector, 'id'>, config: C, seen: 'logto' | 'ours'): C {
  const pairs = membersOf(connector)
  if (pairs.length === 0 || !isObject(config)) return config
  const named = { ...config } as Record<string, unknown>
  for (const [ours, theirs] of pairs) {
    const value = named[theirs]
    if (!isGiven(value) || (seen === 'ours' && isGiven(named[ours]))) continue
    named[ours] = value
    delete named[theirs]
  }
  return named as C
}

/** An issue of a configuration at the member that the operator wrote. */
export function underLogtoName(connector: Pick<Connector, 'id'>, config: unknown, issue: Issue): Issue {
  const [first, ...rest] = issue.path
  const theirs = logtoMember(connector, String(first))
  const wrote = isObject(config) && Object.hasOwn(config, theirs)
  return wrote ? { ...issue, path: [theirs, ...rest] } : issue
}
