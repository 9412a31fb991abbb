import type { Import } from './sources.ts'

/**
 * Files that import each other, directly or by way of others, also where they take only types: each circle once, as
 * `a.ts → b.ts → a.ts`.
 */
export function circles(imports: Pick<Import, 'file' | 'target'>[]): string[] {
  const targets = new Map<string, string[]>()
  for (const { file, target } of imports)
    if (target !== undefined) targets.set(file, [...(targets.get(file) ?? []), target])
  const found: string[] = []
  const done = new Set<string>()
  const way: string[] = []
  const follow = (file: string) => {
    const start = way.indexOf(file)
    if (start >= 0) {
      found.push([...way.slice(start), file].join(' → '))
      return
    }
    if (done.has(file)) return
    way.push(file)
    for (const target of new Set(targets.get(file) ?? [])) follow(target)
    way.pop()
    done.add(file)
  }
  for (const file of targets.keys()) follow(file)
  return found
}
