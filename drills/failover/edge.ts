import { connect, createServer } from 'node:net'

/**
 * The way to a simulated provider, as a process of its own: it passes bytes on in both directions. Killing it is a provider
 * that dies, with what is under way cut off; stopping it is one that hangs.
 *
 * Arguments: where the provider is, and where to listen (0 takes a free port). Prints the port that it listens at.
 */
const [target = '', port = '0'] = process.argv.slice(2)

const server = createServer(client => {
  const provider = connect(Number(target), '127.0.0.1')
  client.pipe(provider).pipe(client)
  // An end that is cut off cuts off the other one.
  client.on('error', () => provider.destroy())
  provider.on('error', () => client.destroy())
  client.on('close', () => provider.destroy())
  provider.on('close', () => client.destroy())
})
server.listen(Number(port), '127.0.0.1', () => {
  console.log((server.address() as { port: number }).port)
})
