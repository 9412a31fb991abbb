import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, posix, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..')

/** Every file of the repository, tracked or about to be, as a path from its root. */
export const files: string[] = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '-z'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .split('\0')
  .filter(path => path !== '' && textOf(path) !== undefined)

/** Text of a file; undefined for one that was deleted and not committed yet. */
export function textOf(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return undefined
  }
}

/** A test, or what tests share: a file called `testing.ts` or `testing-….ts`, or a folder called `testing`. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$|\/testing(?:-[\w-]+)?\.ts$|\/testing\//.test(path)
}

/** TypeScript files below a folder. */
export function sources(folder: string): string[] {
  return files.filter(path => path.startsWith(`${folder}/`) && /\.tsx?$/.test(path))
}

export interface Import {
  file: string
  line: number
  /** As written: `hono`, `@countersign/kit`, `../db/database.ts`. */
  specifier: string
  /** From the root of the repository; only for a relative import. */
  target?: string
}

const IMPORTS = [
  /^\s*(?:import|export)\b[^'"`;=]*?\bfrom\s*['"]([^'"]+)['"]/gm,
  /^\s*import\s*['"]([^'"]+)['"]/gm,
  /\bimport\(\s*['"]([^'"]+)['"]/g,
]

/** Every import of a file: static, for its effect, re-exported or dynamic. Comments do not count. */
export function importsOf(file: string): Import[] {
  const text = withoutComments(textOf(file) ?? '')
  return IMPORTS.flatMap(pattern => [...text.matchAll(pattern)]).map(match => {
    const specifier = match[1]!
    return {
      file,
      line: text.slice(0, match.index + match[0].length).split('\n').length,
      specifier,
      ...(specifier.startsWith('.') && { target: posix.normalize(posix.join(dirname(file), specifier)) }),
    }
  })
}

/**
 * Blanks comments and keeps the lines, so that a line number is still one. A comment begins after a space or a
 * bracket: `https://` and `packages/*` in a text are none.
 */
export function withoutComments(text: string): string {
  return text
    .replaceAll(/(?<=^|[\s;{}(,])\/\*[\s\S]*?\*\//g, comment => comment.replaceAll(/[^\n]/g, ' '))
    .replaceAll(/(?<=^|[\s;{}(,])\/\/[^\n]*/g, '')
}

/** Where a pattern occurs, as `file:line: text`. */
export function places(paths: string[], pattern: RegExp, read = (text: string) => text): string[] {
  return paths.flatMap(path =>
    read(textOf(path) ?? '')
      .split('\n')
      .flatMap((line, index) =>
        pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [],
      ),
  )
}
