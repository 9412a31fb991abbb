import { firstOperator } from '../../e2e/ready.ts'
import type { MessageEntry } from '../../packages/api/src/index.ts'
import { CLOUDS, enable } from '../../packages/cli/src/cloud.ts'
import { createManagement } from '../../packages/cli/src/management.ts'
import { newInstallation, removeInstallation, startProduct } from '../../packages/cli/src/product.ts'
import { sampleSettings } from '../../packages/simulators/src/index.ts'
import type { Ask } from './traffic.ts'

/** A server that sends over several connections, in their order. */
export interface Sender {
  ask: Ask
  /** Whether a code is taken. */
  verify(phone: string, verificationCode: string): Promise<boolean>
  /** What the ledger says of the messages to a number. */
  messagesTo(phone: string): Promise<MessageEntry[]>
  stop(): Promise<void>
}

/**
 * Starts a server in the real world, whose clouds are where the connections say.
 *
 * @param connections each cloud with its address, the first of them first
 * @param settings by their names in the environment
 */
export async function startSender(
  connections: readonly { cloud: 'aliyun-sms' | 'tencent-sms'; endpoint: string }[],
  settings: Record<string, string>,
): Promise<Sender> {
  const installation = await newInstallation({
    CLOUDS: 'real',
    HOST: '127.0.0.1',
    ADMIN_HOST: '127.0.0.1',
    ...settings,
  })
  const product = await startProduct(installation)
  const stop = async () => {
    await product.stop()
    await removeInstallation(installation)
  }
  try {
    const management = await createManagement(product)
    for (const { cloud, endpoint } of connections) {
      const { factoryId: connectorId, kind } = CLOUDS.find(({ id }) => id === cloud)!
      const config = { ...sampleSettings[cloud], endpoint }
      const saved = await management('POST', '/api/connections', { connectorId, config })
      if (saved.status !== 201) throw new Error(`${cloud} is refused: ${JSON.stringify(saved.body)}`)
      await enable(management, kind)
    }
    const operator = await firstOperator([product])
    return {
      async ask(phone) {
        const { status, headers, body } = await management<{ data?: { failure?: string } }>(
          'POST',
          '/api/verification-codes',
          { phone },
        )
        const unconfirmed = headers.get('countersign-delivery') === 'unconfirmed'
        return { status, unconfirmed, failure: body.data?.failure }
      },
      async verify(phone, verificationCode) {
        const path = '/api/verification-codes/verify'
        return (await management('POST', path, { phone, verificationCode })).status === 204
      },
      async messagesTo(phone) {
        const query = new URLSearchParams({ recipient: phone })
        const answer = await operator.request(`${product.consoleUrl}/api/console/messages?${query}`)
        if (!answer.ok) throw new Error(`The ledger cannot be read: ${answer.status} ${await answer.text()}`)
        return (await answer.json()) as MessageEntry[]
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
