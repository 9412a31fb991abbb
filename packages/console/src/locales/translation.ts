/** The same sentences in any language: every key, and every value that a sentence says. */
export type Translation<T> = T extends string
  ? string
  : T extends (...values: infer V) => string
    ? (...values: V) => string
    : { [K in keyof T]: Translation<T[K]> }
