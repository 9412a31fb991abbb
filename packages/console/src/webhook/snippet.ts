/** A receiver for Node.js that believes only what Countersign has signed. */
export const VERIFY_SNIPPET = `import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'

const signingKey = '<signing key>'

function isOurs(rawBody, signature) {
  const expected = createHmac('sha256', signingKey).update(rawBody).digest()
  const given = Buffer.from(String(signature), 'hex')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

createServer(async (request, response) => {
  const rawBody = Buffer.concat(await request.toArray())
  if (!isOurs(rawBody, request.headers['logto-signature-sha-256']))
    return response.writeHead(401).end()
  // The same id comes again when a delivery is repeated.
  console.log(request.headers['countersign-event-id'], JSON.parse(rawBody))
  response.writeHead(204).end()
}).listen(8080)`
