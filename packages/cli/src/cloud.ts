import { sampleSettings } from '@countersign/simulators'
import type { InboxReader } from './inbox.ts'
import type { Management } from './management.ts'
import { type Chapter, expect } from './steps.ts'
import type { Identifier } from './visitor.ts'

/** One connector on the tour. */
export interface Cloud {
  title: string
  /** Our id, which is also the simulated cloud's. */
  id: keyof typeof sampleSettings
  /** The wire's name of the connector. */
  factoryId: string
  kind: Identifier['type']
  /** Where a test message goes, and who registers; as stored: phones as digits with the country code. */
  testRecipient: string
  user: string
}

/** The clouds. The numbers are among those that the simulators exempt from frequency control. */
export const CLOUDS: readonly Cloud[] = [
  {
    title: 'Aliyun SMS',
    id: 'aliyun-sms',
    factoryId: 'aliyun-short-message-service',
    kind: 'phone',
    testRecipient: '8613800138000',
    user: '8613800138001',
  },
  {
    title: 'Aliyun PNVS',
    id: 'aliyun-pnvs',
    factoryId: 'aliyun-short-message-auth-service',
    kind: 'phone',
    testRecipient: '8613800138050',
    user: '8613800138051',
  },
  {
    title: 'Aliyun Direct Mail',
    id: 'aliyun-dm',
    factoryId: 'aliyun-direct-mail',
    kind: 'email',
    testRecipient: 'test@example.com',
    user: 'lin@example.com',
  },
  {
    title: 'Tencent Cloud SMS',
    id: 'tencent-sms',
    factoryId: 'tencent-short-message-service',
    kind: 'phone',
    testRecipient: '8613800138100',
    user: '8613800138101',
  },
]

const WORDS = { phone: { method: 'PhoneVerificationCode' }, email: { method: 'EmailVerificationCode' } }

interface WireConnector {
  connectorId: string
  type: string
}

interface Experience {
  signIn: { methods: { identifier: string }[] }
  signUp: { identifiers: string[] }
  forgotPasswordMethods: string[] | null
}

/** Steps 2 to 4 of setting a cloud up: configuration, test, saving, sign-in experience. */
export async function setUpCloud(
  chapter: Chapter,
  cloud: Cloud,
  { management, inbox }: { management: Management; inbox: InboxReader },
): Promise<void> {
  const { factoryId, kind, testRecipient } = cloud
  const sample = sampleSettings[cloud.id]
  const test = (config: Record<string, unknown>) =>
    management('POST', `/api/connectors/${factoryId}/test`, { [kind]: testRecipient, config })
  const saved = async () => (await management<WireConnector[]>('GET', '/api/connectors')).body
  const type = kind === 'phone' ? 'Sms' : 'Email'

  await chapter.step('is offered, with its form and guide', async () => {
    const { body } = await management<Record<string, unknown>[]>('GET', '/api/connector-factories')
    const factory = body.find(({ id }) => id === factoryId)
    expect(factory !== undefined, `expected the factory ${factoryId}`, body)
    const fields = (factory.formItems as { key: string }[]).map(({ key }) => key)
    const missing = Object.keys(sample).filter(key => !fields.includes(key))
    expect(missing.length === 0 && !!factory.readme, 'expected a guide and these fields', missing)
    return fields.join(', ')
  })

  await chapter.step('a wrong secret is explained', async () => {
    const { status, body } = await test({ ...sample, accessKeySecret: 'not-the-secret' })
    const { failure, providerCode, remedy } = (body.data ?? {}) as Record<string, unknown>
    expect(status === 400 && failure === 'credentials_rejected' && !!remedy, 'expected a refusal', body)
    return `${providerCode}: ${(remedy as { en: string }).en}`
  })

  await chapter.step('a configuration without templates is refused, naming the missing ones', async () => {
    const { templates: _, ...without } = sample
    const { status, body } = await management('POST', '/api/connectors', {
      connectorId: factoryId,
      config: { ...without, templates: [] },
    })
    const told = JSON.stringify(body)
    const named = ['Register', 'SignIn', 'ForgotPassword', 'Generic'].filter(name => told.includes(name))
    expect(status === 400 && body.code === 'connector.invalid_config', 'expected a refusal', body)
    expect(named.length === 4, 'expected all four usage types by name', body)
    return named.join(', ')
  })

  if (!(await saved()).some(one => one.type === type))
    await chapter.step(`sign-in by ${kind} cannot be switched on before it is set up`, async () => {
      const { status, body } = await management('PATCH', '/api/sign-in-exp', {
        signIn: { methods: [methodOf(kind)] },
      })
      expect(status === 400, 'expected a refusal', body)
      expect(body.code === 'sign_in_experiences.enabled_connector_not_found', 'expected the reason', body)
      return String(body.message)
    })

  await chapter.step('a test with the unsaved configuration arrives', async () => {
    const { status, body } = await test(sample)
    expect(status === 204, 'expected status 204', body)
    const message = await inbox.next(testRecipient)
    expect(message.cloud === cloud.id, `expected a message from ${cloud.id}`, message)
    return message.text.replaceAll(/\s+/g, ' ').slice(0, 60)
  })

  await chapter.step('the configuration is saved, in place of any other of its kind', async () => {
    const { status, body } = await management('POST', '/api/connectors', {
      connectorId: factoryId,
      config: sample,
    })
    expect(status === 200, 'expected status 200', body)
    const ofType = (await saved()).filter(one => one.type === type).map(one => one.connectorId)
    expect(ofType.length === 1 && ofType[0] === factoryId, `expected one ${type} connector`, ofType)
    return undefined
  })

  await chapter.step(`sign-up and sign-in by ${kind} are switched on`, () => enable(management, kind))
}

const methodOf = (identifier: string) => ({
  identifier,
  password: true,
  verificationCode: true,
  isPasswordPrimary: false,
})

/** Adds an identifier to what the sign-in experience allows already. */
export async function enable(management: Management, kind: Identifier['type']): Promise<string> {
  const { body: before } = await management<Experience>('GET', '/api/sign-in-exp')
  // A username needs a password at sign-up; here everybody comes in by code.
  const known = (identifiers: string[]) => [
    ...new Set([...identifiers.filter(name => name !== 'username'), kind]),
  ]
  const identifiers = known(before.signUp.identifiers)
  const { status, body } = await management<Experience>('PATCH', '/api/sign-in-exp', {
    signUp: { identifiers, password: false, verify: true },
    signIn: { methods: known(before.signIn.methods.map(method => method.identifier)).map(methodOf) },
    forgotPasswordMethods: [...new Set([...(before.forgotPasswordMethods ?? []), WORDS[kind].method])],
  })
  expect(status === 200, 'expected status 200', body)
  expect(body.signUp.identifiers.join() === identifiers.join(), 'expected the new settings', body.signUp)
  return identifiers.join(' or ')
}
