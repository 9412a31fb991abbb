import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

const TYPES = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
}

/** Reads an asset, which may be kept in several files and is served as one. */
function load(file: string, ...sources: string[]) {
  const body = sources
    .map(source => readFileSync(new URL(`./assets/${source}`, import.meta.url), 'utf8'))
    .join('\n')
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 10)
  const [name, extension] = file.split('.') as [string, keyof typeof TYPES]
  return { file, path: `/assets/${name}.${hash}.${extension}`, asset: { type: TYPES[extension], body } }
}

const files = [
  load('sign-in.css', 'page.css', 'controls.css'),
  load('dark.css', 'dark.css'),
  load('sign-in.js', 'sign-in.js'),
  load('captcha.js', 'hold-form.js', 'captcha.js'),
  load('captcha-provider.js', 'hold-form.js', 'captcha-provider.js'),
  load('captcha-worker.js', 'captcha-worker.js'),
  load('icon.svg', 'icon.svg'),
]

/** The files that the pages ask for, by their full path. The path holds a hash of the content, so they never change. */
export const assets: Record<string, { type: string; body: string }> = Object.fromEntries(
  files.map(({ path, asset }) => [path, asset]),
)

/** The path under which a file of `assets/` is served, e.g. `sign-in.css` → `/assets/sign-in.ab12cd34ef.css`. */
export function assetPath(file: string): string {
  const found = files.find(each => each.file === file)
  if (!found) throw new Error(`There is no asset ${file}`)
  return found.path
}
