import type { Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import { consoleDist } from '@countersign/console'
import { getRequestListener } from '@hono/node-server'
import { type App, createApp, PURGE_EVERY } from './app.ts'
import { type Config, describeConfig, isLoopback, readConfig } from './config.ts'
import { freeYoungRoom } from './heap.ts'
import { describeError } from './http/errors.ts'
import { createListener, listen, type Place } from './http/listening.ts'
import { addressLines } from './http/unknown-addresses.ts'
import { misreadSettings } from './misread-settings.ts'
import { createObserving } from './observing.ts'
import { realFetch } from './outside.ts'
import { isPlugin } from './plugins/plugin.ts'
import { startFailure } from './start-failure.ts'
import { watchClocks } from './start-warnings.ts'
import { THREADS } from './threads.ts'
import { type Log, realWorld } from './world.ts'

/** Milliseconds that requests under way get when the process is asked to stop; those that send, as long as a send and some room. */
const GRACE = 10_000
const ROOM = 2_000

/**
 * A second signal ends the process at once, but not within so many milliseconds: a terminal sends Ctrl-C to `npm start`
 * and to the server, and npm hands it on as well.
 */
const ONE_PRESS = 500

function printHelp(): void {
  const lines = describeConfig().map(
    ({ name, default: value, help }) => `  ${name.padEnd(24)} ${help}${value && ` [${value}]`}`,
  )
  process.stdout.write(`Usage: npm start\n\nSettings, from the environment:\n${lines.join('\n')}\n`)
}

async function start(): Promise<void> {
  const write = (line: string) => void process.stderr.write(`${line}\n`)
  for (const line of misreadSettings(process.env)) write(line)
  const config = readConfig(process.env)
  // Loaded only where it is used: in the real world nothing of it is needed.
  const development =
    config.clouds === 'simulated'
      ? (await import('./development.ts')).createDevelopment(config, Date.now)
      : undefined
  const world = development
    ? realWorld(development.clouds.fetch, write, config.logLevel)
    : watchClocks(realWorld(realFetch, write, config.logLevel))
  const observing = await createObserving(config, world.log)
  const app = await createApp(config, world, {
    ...observing.watchers,
    consoleFolder: fileURLToPath(consoleDist),
    ...(development && {
      inboxUrl: development.inboxUrl,
      demoUrl: development.demoUrl,
      samples: development.samples,
      isExempt: development.isExempt,
    }),
  })
  const { keepAlive } = config
  const serve = (handler: Parameters<typeof createListener>[0], place: Place) =>
    listen(createListener(handler, { keepAlive, log: world.log }), place, world.log)
  const servers = [
    await serve(app.publicHandler, {
      port: config.port,
      host: config.host,
      settings: { port: 'PORT', host: 'HOST' },
    }),
    await serve(app.consoleHandler, {
      port: config.adminPort,
      host: config.adminHost,
      settings: { port: 'ADMIN_PORT', host: 'ADMIN_HOST' },
    }),
  ]
  for (const { handler, place } of observing.listeners) servers.push(await serve(handler, place))
  const sites: Server[] = []
  if (development) {
    const { clouds, demo, application, defaultCountry } = development
    await app.applications.ensure(application)
    await app.experience.ensureDefaultCountry(defaultCountry)
    const { site } = clouds
    clouds.run?.(app)
    if (site)
      sites.push(
        await serve(
          getRequestListener(request => site(request)),
          // Never on other addresses than this machine's: whoever reads the inbox reads the codes.
          {
            port: config.simulatorsPort,
            host: '127.0.0.1',
            settings: { port: 'SIMULATORS_PORT', host: 'HOST' },
          },
        ),
      )
    servers.push(
      ...sites,
      await serve(
        getRequestListener(request => demo.fetch(request)),
        { port: config.demoPort, host: config.host, settings: { port: 'DEMO_PORT', host: 'HOST' } },
      ),
    )
  }
  app.hooks.start()
  app.ledger.start()
  app.receipts.start()
  app.feedback.start()
  app.moves.start()
  app.fraud.start()
  // First, for whoever waits for the addresses may ask it to stop at once.
  stopOnSignal(app, servers, sites, config, world.log)
  surviveForgotten(world.log)
  for (const { text } of await app.warnings()) world.log('warn', text)
  freeYoungRoom()
  await announce(app, config, development)
}

async function announce(
  app: App,
  { adminEndpoint, endpoint, host, adminHost, adminPort, trustProxy }: Config,
  development: { demoUrl: string; inboxUrl: string } | undefined,
): Promise<void> {
  const link = await app.operators.firstLink()
  const lines = [
    '',
    `  Console            ${link ? `${adminEndpoint}/welcome#token=${link}` : adminEndpoint}`,
  ]
  if (link) lines.push('                     (this link works once: it creates the first operator)')
  if (development)
    lines.push(`  Demo application   ${development.demoUrl}`, `  Inbox              ${development.inboxUrl}`)
  lines.push(`  Sign-in and API    ${endpoint}`, '')
  lines.push(...whoReachesTheConsole(adminHost, adminPort), '')
  lines.push(...addressLines({ trustProxy, isReachable: !isLoopback(host) }))
  if (development)
    lines.push(
      '  Development world: messages are answered by the built-in simulators and stay on this machine.',
      '  To send for real, start with CLOUDS=real (see README.md).',
      '',
    )
  const packages = app.connections.registry.all.filter(isPlugin).map(plugin => plugin.package)
  if (packages.length > 0)
    lines.push(
      `  Connector packages: ${packages.join(', ')}`,
      '  They reach the network by themselves: what is sent through them leaves this machine.',
      '',
    )
  process.stdout.write(`${lines.join('\n')}\n`)
}

function whoReachesTheConsole(host: string, port: number): string[] {
  const listens = `  The console listens on ${host.includes(':') ? `[${host}]` : host}:${port}`
  return isLoopback(host)
    ? [`${listens}, for this machine alone. ADMIN_HOST lets it listen elsewhere.`]
    : [`${listens}, as ADMIN_HOST says. Keep this port off the public network.`]
}

/**
 * A failure that nobody waits for is a fault of ours, but it has broken nothing: it is no reason to end the requests of
 * everybody else. Errors that are thrown where nobody catches them still end the process, for then nobody knows.
 */
function surviveForgotten(log: Log): void {
  // Whoever read what we print has gone; that is no reason to go too.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  process.on('unhandledRejection', error =>
    log('error', 'failure that nobody waits for', { error: describeError(error) }),
  )
}

function stopOnSignal(
  app: App,
  servers: Server[],
  endless: Server[],
  { drainTime, sendTimeout }: Config,
  log: Log,
): void {
  let purging = false
  const timer = setInterval(() => {
    if (purging) return
    purging = true
    void app.purge().finally(() => {
      purging = false
    })
  }, PURGE_EVERY)
  let stoppedAt: number | undefined
  const stop = (drain: number) => {
    if (stoppedAt !== undefined) {
      if (performance.now() - stoppedAt > ONE_PRESS) process.exit(1)
      return
    }
    stoppedAt = performance.now()
    app.drain()
    // Clients that hear of it do not send their next request into a connection that is about to end.
    for (const server of servers)
      server.prependListener('request', (_, response) => response.setHeader('Connection', 'close'))
    clearInterval(timer)
    setTimeout(() => process.exit(1), drain + Math.max(GRACE, sendTimeout + ROOM)).unref()
    setTimeout(end, drain)
  }
  const end = () => {
    const closed = servers.map(server => new Promise<void>(resolve => server.close(() => resolve())))
    for (const server of servers) server.closeIdleConnections()
    // An open inbox page listens for as long as it is open, and would hold the process for the whole grace.
    for (const server of endless) server.closeAllConnections()
    void Promise.all(closed)
      .then(() => app.close())
      .then(
        () => process.exit(0),
        error => {
          log('error', 'not closed in good order', { error: describeError(error) })
          process.exit(1)
        },
      )
  }
  process.on('SIGTERM', () => stop(drainTime))
  // Somebody at a keyboard waits, and nobody sends requests elsewhere.
  process.on('SIGINT', () => stop(0))
}

// Nothing above has needed a thread.
process.env.UV_THREADPOOL_SIZE ??= THREADS

if (process.argv.includes('--help') || process.argv.includes('-h')) printHelp()
else
  start().catch(error => {
    process.stderr.write(`${startFailure(error, process.env)}\n`)
    process.exit(1)
  })
