import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { onTestFinished } from 'vitest'

/** A mail as the SMTP server of a test got it. */
export interface Mail {
  from: string
  to: string[]
  text: string
}

/** A real SMTP server on this machine that lets one account in; it stops when the test is over. */
export async function smtpServer(account: {
  user: string
  pass: string
}): Promise<{ port: number; mails: Mail[] }> {
  const mails: Mail[] = []
  const server = new SMTPServer({
    authOptional: false,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth({ username, password }, _, done) {
      if (username === account.user && password === account.pass) done(null, { user: username })
      else done(new Error(`${username} may not come in with ${password}`))
    },
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = []
      stream.on('data', chunk => void chunks.push(chunk))
      stream.on('end', () => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : ''
        mails.push({
          from,
          to: envelope.rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString('utf8'),
        })
        done()
      })
    },
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise<void>(resolve => server.close(() => resolve())))
  return { port: (server.server.address() as AddressInfo).port, mails }
}

/** What a gateway got. */
export interface Posted {
  authorization: string | undefined
  body: { to: string; type: string; payload: { code: string; locale?: string }; ip?: string }
}

/** An HTTP gateway on this machine, answering as the test says; `undefined` never answers. It stops when the test is over. */
export async function httpGateway(answer: () => { status: number; body: string } | undefined) {
  const posted: Posted[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    posted.push({ authorization: request.headers.authorization, body: JSON.parse(text) })
    const { status, body } = answer() ?? {}
    if (status !== undefined) response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`, posted }
}
