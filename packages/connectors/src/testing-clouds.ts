import type { ReceiptRequest } from '@countersign/kit'
import type { TestProvider } from '@countersign/kit/test-connector'
import { type CloudId, createClouds } from '@countersign/simulators'

/** Where simulated clouds push receipts to; nobody listens there, for what they push is kept. */
const CALLBACK = 'http://127.0.0.1:9/receipts/k7'
/** Answers that the clouds take for an acknowledgement, all in one. */
const TAKEN = '{"code":0,"result":0}'

/** A simulated cloud, as the suite for connectors wants it. */
export function simulatedCloud(cloud: CloudId, { token }: { token?: string } = {}): TestProvider {
  const pushed: ReceiptRequest[] = []
  const clouds = createClouds({
    async push(request) {
      const headers = Object.fromEntries(request.headers)
      pushed.push({ method: request.method, url: request.url, headers, body: await request.text() })
      return new Response(TAKEN)
    },
  })
  clouds.control.setCallback(cloud, { url: CALLBACK, ...(token !== undefined && { token }) })
  return {
    fetch: (url, init) => clouds.fetch(new Request(url, init)),
    delivered: () =>
      clouds.inbox.messages().map(({ to, subject = '', html = '', text }) => ({
        to,
        text: [subject, html, text].join('\n'),
      })),
    refuseWith: code => clouds.control.setFault({ code }),
    receipts: {
      signed: cloud === 'aliyun-dm',
      async push() {
        await clouds.control.advance(2000)
        return pushed.splice(0)
      },
    },
  }
}
