/**
 * Counts how many letters must change, come or go to make one word of the other.
 *
 * @example distance('sign', 'sing') // 2
 */
export function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...to].entries())
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (letter === other ? 0 : 1)))
    row = next
  }
  return row[to.length]!
}

/**
 * Finds the word that was probably meant; undefined when none is near.
 *
 * @example closest('singName', ['signName', 'templateCode']) // 'signName'
 */
export function closest(word: string, words: readonly string[]): string | undefined {
  const near = words
    .map(each => ({ each, far: distance(word.toLowerCase(), each.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)[0]
  return near && near.far <= Math.max(2, near.each.length / 3) ? near.each : undefined
}

/**
 * Makes the sentence that names the word that was probably meant, to be put after another one.
 *
 * @example didYouMean('PROT', ['PORT', 'HOST']) // ' Did you mean PORT?'
 */
export function didYouMean(word: string, words: readonly string[]): string {
  const meant = closest(word.slice(0, 64), words)
  return meant === undefined ? '' : ` Did you mean ${meant}?`
}
