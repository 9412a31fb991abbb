import type { Browser, Seen } from '../testing/browser.ts'
import { go, type ready } from '../testing/visitor.ts'

type Server = Awaited<ReturnType<typeof ready>>

/** Codes go where there is a template for: everywhere with two of them. */
export async function serve(server: Server, templateCode: object): Promise<void> {
  type Row = { id: string; type: string; config: { templates: object[] } }
  const rows = (await (await server.manage('GET', '/api/connectors')).json()) as Row[]
  const { id, config } = rows.find(row => row.type === 'Sms')!
  const templates = config.templates.map(row => ({ ...row, templateCode }))
  const saved = await server.manage('PATCH', `/api/connectors/${id}`, { config: { ...config, templates } })
  if (saved.status !== 200) throw new Error(await saved.text())
}

/** Codes go everywhere. */
export const worldwide = (server: Server) =>
  serve(server, { china: 'SMS_100000002', overseas: 'SMS_100000022' })

/** Types a number and submits it. */
export const type = async (visitor: Browser, value: string, country: string, from = '/sign-in') =>
  visitor.submit(await go(visitor, from), { kind: 'phone', value, country })

/** The country that stands in the phone field. */
export const chosen = (page: Seen) => /<option value="(\w\w)"[^>]* selected>/.exec(page.text)?.[1]
