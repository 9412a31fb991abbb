import {
  choice,
  defineConnector,
  type Failure,
  multiline,
  SendError,
  secret,
  templates,
  text,
  toggle,
} from '@countersign/kit'
import { connectorConfigFormItemGuard } from '@logto/connector-kit'
import { expect, test } from 'vitest'
import { factoryIdOf, formItems, toLogtoConnector } from './to-logto.ts'

const words = (en: string) => ({ en, 'zh-CN': en })

const settings = {
  key: secret({ label: words('Key') }),
  host: text({ label: words('Host'), placeholder: 'example.com', help: words('Where it is.') }),
  region: choice({ label: words('Region'), options: [{ value: 'a', label: words('A') }], fallback: 'a' }),
  strict: toggle({ label: words('Strict'), fallback: false }),
  templates: templates({
    label: words('Templates'),
    row: { subject: text({ label: words('Subject') }), content: multiline({ label: words('Content') }) },
  }),
}

const row = (usageType: string) => ({ usageType, subject: 's', content: '{{code}}' })
const config = {
  key: 'k',
  host: 'h',
  templates: ['Register', 'SignIn', 'ForgotPassword', 'Generic'].map(row),
}

class HostError extends Error {
  readonly code: string
  readonly data: unknown
  constructor(code: string, data: unknown) {
    super(code)
    this.code = code
    this.data = data
  }
}

/** What a host sees when a connector's send ends so. */
async function sendThat(outcome: () => Promise<{ ids: Record<string, string> }>) {
  const connector = defineConnector({
    id: 'test-sms',
    channel: 'sms',
    name: words('Test'),
    description: words('Sends nothing.'),
    settings,
    failures: {},
    send: outcome,
  })
  const create = toLogtoConnector(connector, (code, data) => new HostError(code, data))
  const made = await create({ getConfig: async () => config })
  return made.sendMessage({ to: '8613800138000', type: 'SignIn', payload: { code: '739152' } })
}

const failing = (failure: Failure, options?: ConstructorParameters<typeof SendError>[1]) =>
  sendThat(async () => {
    throw new SendError(failure, options)
  }).then(
    () => undefined,
    (error: HostError) => error,
  )

test('every field becomes an item that the kit accepts', () => {
  const items = formItems(settings)
  for (const item of items) connectorConfigFormItemGuard.parse(item)
  expect(items).toMatchObject([
    { key: 'key', type: 'Text', isConfidential: true, required: true },
    { key: 'host', type: 'Text', placeholder: 'example.com', description: 'Where it is.' },
    { key: 'region', type: 'Select', selectItems: [{ value: 'a', title: 'A' }], defaultValue: 'a' },
    { key: 'strict', type: 'Switch', defaultValue: false },
    { key: 'templates', type: 'Json' },
  ])
})

test('the list of templates begins with an empty row for each that must be there', () => {
  const { defaultValue } = formItems(settings).find(({ key }) => key === 'templates')!
  expect(defaultValue).toEqual(
    ['Register', 'SignIn', 'ForgotPassword', 'Generic'].map(usageType => ({
      usageType,
      subject: '',
      content: '',
    })),
  )
})

test('a connector that Logto does not know keeps its id', () => {
  expect(factoryIdOf({ id: 'aliyun-sms' })).toBe('aliyun-short-message-service')
  expect(factoryIdOf({ id: 'test-sms' })).toBe('test-sms')
})

test.each([
  ['rate_limited', 'rate_limit_exceeded'],
  ['throttled', 'rate_limit_exceeded'],
  ['balance_exhausted', 'usage_limit_exceeded'],
  ['provider_fault', 'invalid_response'],
  ['unreachable', 'general'],
  ['recipient_invalid', 'general'],
  ['credentials_rejected', 'general'],
  ['unrecognized', 'general'],
] as const)("the failure %s is the host's %s", async (failure, code) => {
  const error = await failing(failure)
  expect(error).toBeInstanceOf(HostError)
  expect(error).toMatchObject({ code, data: { failure, errorDescription: expect.stringContaining(failure) } })
})

test("a missing template is the host's template_not_found", async () => {
  expect(await failing('message_rejected', { code: 'template_missing' })).toMatchObject({
    code: 'template_not_found',
  })
})

test("the host gets the provider's code and when to try again, but not the raw answer", async () => {
  const error = await failing('rate_limited', {
    code: 'LIMIT',
    retryAfter: 30,
    answer: { status: 200, body: 'raw words' },
  })
  expect(error?.data).toMatchObject({ providerCode: 'LIMIT', retryAfter: 30 })
  expect(JSON.stringify(error?.data)).not.toContain('raw words')
})

test('a bug in a connector stays what it is', async () => {
  const bug = new TypeError('a bug')
  await expect(
    sendThat(async () => {
      throw bug
    }),
  ).rejects.toBe(bug)
})

test('the ids of the provider are handed to the host', async () => {
  expect(await sendThat(async () => ({ ids: { BizId: '1' } }))).toEqual({ ids: { BizId: '1' } })
})
