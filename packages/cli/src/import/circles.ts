/** Somebody who is to be written, and who has an identifier yet that they are to have. */
export interface Waiting {
  id: string
  rivals: readonly string[]
}

/**
 * Finds who can be written together: each group has in it everybody who must let something go for it, or a group
 * before it has. `stuck` are those who wait for somebody who lets nothing go.
 *
 * @example circlesOf([{ id: 'a', rivals: ['b'] }, { id: 'b', rivals: ['a'] }]).groups // one, of both
 */
export function circlesOf<T extends Waiting>(waiting: readonly T[]): { groups: T[][]; stuck: T[] } {
  const movable = new Map(waiting.map(each => [each.id, each]))
  for (let before = Number.NaN; before !== movable.size; ) {
    before = movable.size
    for (const { id, rivals } of movable.values())
      if (!rivals.every(rival => movable.has(rival))) movable.delete(id)
  }
  const stuck = waiting.filter(({ id }) => !movable.has(id))
  const groups: T[][] = []
  const placed = new Set<string>()
  for (const first of movable.values()) {
    const group: T[] = []
    const next = [first]
    for (let each = next.pop(); each; each = next.pop()) {
      if (placed.has(each.id)) continue
      placed.add(each.id)
      group.push(each)
      next.push(...each.rivals.map(rival => movable.get(rival)!))
    }
    if (group.length > 0) groups.push(group)
  }
  return { groups, stuck }
}
