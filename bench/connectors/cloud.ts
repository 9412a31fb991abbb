import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:tls'
import { selfSigned } from './certificate.ts'

/**
 * The mock cloud, a process of its own: answers every request with its provider's success, by the host asked
 * for. It reads no more of HTTP than it must, so that the senders are what is measured.
 */
const REQUEST_ID = '0A974B78-02BF-4C79-ADF3-90CFBA1B55B1'
const answers = {
  sms: { Message: 'OK', RequestId: REQUEST_ID, Code: 'OK', BizId: '873409715350483226^0' },
  dm: { EnvId: '600000051958089742', RequestId: REQUEST_ID },
  tencent: {
    Response: {
      SendStatusSet: [
        {
          SerialNo: '5000:1045710669157053657849499619',
          PhoneNumber: '+8613800138000',
          Fee: 1,
          SessionContext: '',
          Code: 'Ok',
          Message: 'send success',
          IsoCode: 'CN',
        },
      ],
      RequestId: REQUEST_ID,
    },
  },
}
const bytes = (value: unknown) => {
  const body = JSON.stringify(value)
  return Buffer.from(
    `HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
const [sms, dm, tencent] = [bytes(answers.sms), bytes(answers.dm), bytes(answers.tencent)]

function answerTo(head: string): Buffer {
  const [, host = ''] = /\r\nhost: *([^\r]+)/i.exec(head) ?? []
  if (host.startsWith('dysmsapi.')) return sms
  return host.startsWith('dm.') ? dm : tencent
}

function endOfBody(text: string, head: string, start: number): number {
  if (!/\r\ntransfer-encoding: *chunked/i.test(head))
    return start + Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0)
  const last = text.indexOf('0\r\n\r\n', start)
  return last < 0 ? last : last + 5
}

function serve(socket: Socket): void {
  let waiting = ''
  socket.setNoDelay(true)
  socket.on('error', () => {})
  socket.on('data', (chunk: Buffer) => {
    // Latin-1: one character a byte, so lengths hold.
    waiting += chunk.toString('latin1')
    for (;;) {
      const end = waiting.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = waiting.slice(0, end)
      const next = endOfBody(waiting, head, end + 4)
      if (next < 0 || next > waiting.length) return
      waiting = waiting.slice(next)
      socket.write(answerTo(head))
    }
  })
}

const { key, cert } = selfSigned(['*.aliyuncs.com', '*.tencentcloudapi.com'])
const server = createServer({ key, cert }, serve)
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port, cert }))
process.on('disconnect', () => process.exit())
