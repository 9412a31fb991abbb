import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import type { Hono } from 'hono'
import { represent } from '../http/representation.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
}

const TEXT = /^text\/|json|svg/

/** Styles are the one thing inline: Mantine and CodeMirror write theirs at run time. */
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const NOT_BUILT = 'The console is not built. Run: npm run build --workspace packages/console'

/** A file's content, or undefined where there is none. A file that is there and cannot be read is a fault to be told. */
async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (NO_FILE.includes(String((error as NodeJS.ErrnoException).code))) return undefined
    throw error
  }
}

const NO_FILE = ['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE']

/** A path without percent signs; one that is badly encoded names no file. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return '/'
  }
}

/** Serves the built console from a folder; every path that is no file is the app's own. */
export function mountConsoleSite(app: Hono, folder: string): void {
  app.get('*', async context => {
    if (context.req.path.startsWith('/api/')) return context.text('Not Found', 404)
    const path = normalize(join(folder, decoded(context.req.path)))
    const inside = path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
    const file = inside && extname(path) in TYPES ? await readIfThere(path) : undefined
    if (!file && context.req.path.startsWith('/assets/')) return context.text('Not Found', 404)
    const body = file ?? (await readIfThere(join(folder, 'index.html')))
    if (!body) return context.text(NOT_BUILT, 503)
    const hashed = context.req.path.startsWith('/assets/')
    const type = file ? TYPES[extname(path)]! : TYPES['.html']!
    const asking = { method: context.req.method, header: (name: string) => context.req.header(name) }
    // Pictures and fonts are compressed as they are.
    const {
      status,
      headers,
      body: bytes,
    } = TEXT.test(type)
      ? await represent(asking, new Uint8Array(body), { forAll: true })
      : { status: 200, headers: {}, body: new Uint8Array(body) }
    return new Response(bytes, {
      status,
      headers: {
        ...headers,
        'content-type': type,
        'cache-control': hashed ? 'public, max-age=31536000, immutable' : 'no-cache',
        'content-security-policy': POLICY,
        'x-frame-options': 'DENY',
      },
    })
  })
}
