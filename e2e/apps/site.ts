import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { rolldown } from '../../scripts/rolldown.ts'

/** The one page of the site, at every address of it. */
const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<link rel="icon" href="data:,">
<title>Single-page application</title>
<body>
<h1>Single-page application</h1>
<script type="module" src="/app.js"></script>
</html>
`

/** A single-page application where it is deployed: on an origin of its own. */
export interface Site {
  origin: string
  /**
   * Bundles a module of this folder, with the packages that it imports as they are published, and serves it.
   *
   * @param config what the module finds as `CONFIG`
   */
  serve(module: string, config: unknown): Promise<void>
  close(): Promise<void>
}

async function bundle(module: string, config: unknown): Promise<string> {
  const bundler = await rolldown()
  const { output } = await bundler.build({
    input: `${import.meta.dirname}/${module}`,
    platform: 'browser',
    write: false,
    logLevel: 'warn',
    transform: { define: { CONFIG: JSON.stringify(config) } },
    output: { format: 'esm', codeSplitting: false },
  })
  return output[0]!.code!
}

/**
 * Opens a site.
 *
 * @param host `localhost` is another origin than the server's on the same site, `127.0.0.1` is another site
 */
export async function openSite(host: 'localhost' | '127.0.0.1'): Promise<Site> {
  let script = ''
  const server = createServer(({ url }, response) => {
    const [type, text] = url === '/app.js' ? ['text/javascript', script] : ['text/html', PAGE]
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(text)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://${host}:${(server.address() as AddressInfo).port}`,
    async serve(module, config) {
      script = await bundle(module, config)
    },
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
