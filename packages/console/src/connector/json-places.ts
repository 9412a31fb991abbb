import { jsonLanguage } from '@codemirror/lang-json'
import { isObject } from '@countersign/kit/json'
import type { JsonProblem } from './draft.ts'

type Tree = ReturnType<typeof jsonLanguage.parser.parse>
type Node = Tree['topNode']

interface Range {
  from: number
  to: number
}

const children = (node: Node, name?: string): Node[] => {
  const list: Node[] = []
  for (let child = node.firstChild; child; child = child.nextSibling)
    if (name ? child.name === name : !'[]{},:⚠'.includes(child.name)) list.push(child)
  return list
}

function nameOf(property: Node, text: string): string | undefined {
  const name = property.getChild('PropertyName')
  try {
    return name ? JSON.parse(text.slice(name.from, name.to)) : undefined
  } catch {
    return undefined
  }
}

/**
 * Where a member stands in a JSON text. When it is missing, the name of the nearest member around it, so that
 * "templates[2].subject is missing" marks the row that misses it.
 */
export function placeOfPath(text: string, path: readonly (string | number)[]): Range {
  let value = children(jsonLanguage.parser.parse(text).topNode)[0]
  let place: Range = value ? { from: value.from, to: value.from + 1 } : { from: 0, to: 0 }
  for (const key of path) {
    if (value?.name === 'Object') {
      const member = children(value, 'Property').findLast(one => nameOf(one, text) === String(key))
      if (!member) return place
      const name = member.getChild('PropertyName') ?? member
      value = children(member).find(one => one.name !== 'PropertyName')
      place = { from: name.from, to: name.to }
    } else if (value?.name === 'Array') {
      value = children(value)[Number(key)]
      if (!value) return place
      place = { from: value.from, to: value.from + 1 }
    } else return place
  }
  // A plain value is marked itself; of an object or a list only its name or first bracket, not the whole block.
  return value && value.name !== 'Object' && value.name !== 'Array'
    ? { from: value.from, to: value.to }
    : place
}

/** 1-based line and column of a position. */
export function lineAndColumn(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

function firstError(text: string): number | undefined {
  let at: number | undefined
  jsonLanguage.parser.parse(text).iterate({
    enter: node => {
      if (at !== undefined) return false
      if (node.type.isError) at = node.from
      return at === undefined
    },
  })
  return at
}

/** Why a text is not a configuration, and where; undefined when it is one. */
export function problemOf(text: string): JsonProblem | undefined {
  let from = 0
  let kind: JsonProblem['kind'] = 'not-an-object'
  try {
    if (isObject(JSON.parse(text))) return undefined
  } catch (error) {
    kind = 'syntax'
    // Engines differ in whether their message tells the place, so the editor's own parser is asked as well.
    const told = /at position (\d+)/.exec((error as Error).message)?.[1]
    from = Math.min(told === undefined ? (firstError(text) ?? text.length) : Number(told), text.length)
  }
  return { kind, from, to: Math.min(from + 1, text.length), ...lineAndColumn(text, from) }
}
