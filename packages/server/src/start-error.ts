/** Why a process cannot start or a command cannot begin, in a line that says what to do: nobody needs a stack for it. */
export class StartError extends Error {
  override name = 'StartError'
}

/** A chain of causes that is longer goes round in a circle. */
const DEEPEST = 16

/** What an error comes from in the end: its `cause`, the cause of that, and of an `AggregateError` each. */
export function rootCauses(error: unknown, depth = 0): Error[] {
  if (!(error instanceof Error)) return [new Error(String(error))]
  const inner = error instanceof AggregateError ? error.errors : [error.cause]
  const causes = inner.filter(each => each instanceof Error)
  if (causes.length === 0 || depth === DEEPEST) return [error]
  return causes.flatMap(each => rootCauses(each, depth + 1))
}

const codeOf = (error: unknown) => (error as { code?: unknown } | undefined)?.code

/** The causes in a few words, each once. */
export function wordsOf(causes: readonly Error[]): string {
  const words = causes.map(each =>
    (each.message || String(codeOf(each) ?? each.name)).replaceAll(/\s+/g, ' ').trim(),
  )
  return [...new Set(words)].join('; ').replace(/\.$/, '')
}

/** What to do where a file or folder cannot be used, by the code of the error. */
const FILES: Record<string, string> = {
  EACCES:
    'This user may not use it. Give it to the user that the server runs as (chown), or name another folder in DATA_DIR.',
  EPERM:
    'This user may not use it. Give it to the user that the server runs as (chown), or name another folder in DATA_DIR.',
  EROFS: 'The file system takes no writes. Name a folder in DATA_DIR that does.',
  ENOTDIR: 'A file stands where a folder should. Name a folder in DATA_DIR.',
  EEXIST: 'A file stands where a folder should. Name a folder in DATA_DIR.',
  EISDIR: 'A folder stands where a file should. Move it away, or name another folder in DATA_DIR.',
  ENOSPC: 'The disk is full. Free some space.',
  EDQUOT: 'This user has no room left on the disk. Free some space.',
  EMFILE: 'This process may open no more files. Raise the limit (ulimit -n).',
  ENFILE: 'This machine may open no more files. Raise the limit.',
}

/** What to do about an error of the file system; undefined for others. */
export const fileRemedy = (error: unknown): string | undefined => FILES[String(codeOf(error))]
