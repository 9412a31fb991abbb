/** Texts in groups, as they travel; a group may hold groups. */
export type Tree = Readonly<Record<string, unknown>>

/** One sentence, and where it stands. Names may hold dots, so the place is a list. */
export interface Sentence {
  path: readonly string[]
  builtIn: string
  /** What an operator wants instead; undefined where nothing was changed. */
  own: string | undefined
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null

const under = (tree: Tree, name: string): unknown => (Object.hasOwn(tree, name) ? tree[name] : undefined)

/** Every built-in sentence, with the own one over it. */
export function sentencesOf(builtIn: Tree, own: Tree, path: readonly string[] = []): Sentence[] {
  return Object.entries(builtIn).flatMap(([name, value]) => {
    const place = [...path, name]
    const over = under(own, name)
    if (isTree(value)) return sentencesOf(value, isTree(over) ? over : {}, place)
    return [{ path: place, builtIn: String(value), own: typeof over === 'string' ? over : undefined }]
  })
}

/** The tree with a sentence at a place; without one there, and without the groups that would be empty. */
export function withSentence(tree: Tree, [name = '', ...rest]: readonly string[], text?: string): Tree {
  const { [name]: before, ...others } = tree
  const after = rest.length === 0 ? text : withSentence(isTree(before) ? before : {}, rest, text)
  const isNothing = after === undefined || (isTree(after) && Object.keys(after).length === 0)
  return isNothing ? others : { ...others, [name]: after }
}

/** How a place is written for people. */
export const keyOf = (path: readonly string[]): string => path.join(' › ')

/** The sentences with something in their key or words, in any case of letters. */
export function search(sentences: readonly Sentence[], wanted: string): Sentence[] {
  const words = wanted.trim().toLowerCase()
  return sentences.filter(({ path, builtIn, own = '' }) =>
    [keyOf(path), path.join('.'), builtIn, own].some(text => text.toLowerCase().includes(words)),
  )
}

const placeholders = (text: string) => new Set(text.match(/\{\w+\}/g))

/** Placeholders that an own sentence forgets, and those that nothing is filled in for. */
export function strayPlaceholders(builtIn: string, own: string): { missing: string[]; unknown: string[] } {
  const [known, said] = [placeholders(builtIn), placeholders(own)]
  return {
    missing: [...known].filter(each => !said.has(each)),
    unknown: [...said].filter(each => !known.has(each)),
  }
}
