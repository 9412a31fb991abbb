/** How many letters must change, come or go to make one word of the other. */
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

/** The word that was probably meant, or undefined when none is near. */
export function closest(word: string, words: readonly string[]): string | undefined {
  const near = words
    .map(each => ({ each, far: distance(word.toLowerCase(), each.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)[0]
  return near && near.far <= Math.max(2, near.each.length / 3) ? near.each : undefined
}

/** ` Did you mean …?`, or nothing. */
export function didYouMean(word: string, words: readonly string[]): string {
  const meant = closest(word.slice(0, 64), words)
  return meant === undefined ? '' : ` Did you mean ${meant}?`
}
