import {
  choice,
  defineConnector,
  FAILURES,
  type Failure,
  type Message,
  multiline,
  SendError,
  secret,
  templates,
  text,
  toggle,
} from '@countersign/kit'
import { connectorConfigFormItemGuard } from '@logto/connector-kit'
import { describe, expect, test } from 'vitest'
import { aliyunPnvs } from '../aliyun-pnvs/aliyun-pnvs.ts'
import { factoryIdOf, formItems, toLogtoConnector } from './to-logto.ts'
import type { Told } from './told.ts'

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

interface Sending {
  /** A trial hands its configuration over; a message to a visitor does not. */
  trial?: boolean
  stored?: unknown
  connector?: Partial<Parameters<typeof defineConnector>[0]>
  getI18nEmailTemplate?: (type: string, tag?: string) => Promise<unknown>
  payload?: Record<string, unknown>
}

/** What a host and its operators see when a connector's send ends so. */
async function sendThat(
  outcome: (message: Message, values: Record<string, unknown>) => Promise<{ ids: Record<string, string> }>,
  { trial = false, stored = config, connector = {}, payload, ...host }: Sending = {},
) {
  const told: Told[] = []
  const create = toLogtoConnector(
    {
      ...defineConnector({
        id: 'test-sms',
        channel: 'sms',
        name: words('Test'),
        description: words('Sends nothing.'),
        settings,
        failures: {},
        send: outcome,
      }),
      ...connector,
    },
    (code, data) => new HostError(code, data),
    line => told.push(line),
  )
  const made = await create({ getConfig: async () => stored, ...host })
  const data = { to: '8613800138000', type: 'SignIn', payload: { code: '739152', ...payload } }
  const sent = await made.sendMessage(data, trial ? stored : undefined).catch(error => ({ error }))
  return { sent, error: (sent as { error?: HostError }).error, told }
}

const failing = (failure: Failure, options?: ConstructorParameters<typeof SendError>[1], sending?: Sending) =>
  sendThat(async () => {
    throw new SendError(failure, options)
  }, sending)

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

test('where templates are suggested, the list begins with them', () => {
  const { defaultValue } = formItems(aliyunPnvs.settings).find(({ key }) => key === 'templates')!
  expect(defaultValue).toEqual([
    { usageType: 'Register', templateCode: '100001' },
    { usageType: 'SignIn', templateCode: '100001' },
    { usageType: 'ForgotPassword', templateCode: '100003' },
    { usageType: 'Generic', templateCode: '100001' },
  ])
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
  const { error } = await failing(failure)
  expect(error).toBeInstanceOf(HostError)
  expect(error?.code).toBe(code)
})

test("a missing template is the host's template_not_found", async () => {
  const { error } = await failing('message_rejected', { code: 'template_missing' })
  expect(error?.code).toBe('template_not_found')
})

const LIMITED = { code: 'LIMIT', retryAfter: 30, answer: { status: 200, body: 'raw words' } }

test('whoever tries a configuration out is told the whole story, but not the raw answer', async () => {
  const { error, told } = await failing('rate_limited', LIMITED, { trial: true })
  expect(error?.data).toEqual({
    errorDescription: expect.stringMatching(/^rate_limited \(LIMIT\): Too many messages .*Wait/),
    failure: 'rate_limited',
    providerCode: 'LIMIT',
    retryAfter: 30,
  })
  expect(told).toEqual([])
})

test.each(Object.keys(FAILURES) as Failure[])(
  'of %s a visitor gets a harmless sentence, and operators the story without the recipient',
  async failure => {
    const { error, told } = await failing(failure, LIMITED)
    expect(error?.data).toEqual({
      errorDescription: expect.stringMatching(/^(The message|Too many messages) /),
    })
    const { meaning, remedy } = FAILURES[failure]
    for (const words of [meaning.en, remedy.en, failure, 'LIMIT', 'raw words'])
      expect(JSON.stringify(error?.data)).not.toContain(words)
    expect(told).toEqual([
      {
        connector: 'test-sms',
        failure,
        providerCode: 'LIMIT',
        retryAfter: 30,
        meaning: meaning.en,
        remedy: remedy.en,
      },
    ])
    for (const secret of ['8613800138000', '739152', 'raw words'])
      expect(JSON.stringify(told)).not.toContain(secret)
  },
)

test('of a configuration that is not whole a visitor gets no fields, and whoever tries it out gets them', async () => {
  const stored = { ...config, region: 'nowhere' }
  const unused = async () => ({ ids: {} })
  const { error, told } = await sendThat(unused, { stored })
  expect(error).toMatchObject({ code: 'invalid_config' })
  expect(error?.data).toEqual({ errorDescription: expect.stringMatching(/^The message could not be sent/) })
  expect(told).toMatchObject([{ failure: 'invalid_config', meaning: expect.stringContaining('region') }])
  const trial = await sendThat(unused, { stored, trial: true })
  expect(trial.error?.data).toMatchObject({ name: 'ZodError', issues: [{ path: ['region'] }] })
})

test('a bug in a connector stays what it is', async () => {
  const bug = new TypeError('a bug')
  const { error } = await sendThat(async () => {
    throw bug
  })
  expect(error).toBe(bug)
})

test('the ids of the provider are handed to the host', async () => {
  expect((await sendThat(async () => ({ ids: { BizId: '1' } }))).sent).toEqual({ ids: { BizId: '1' } })
})

describe("the host's e-mail templates", () => {
  /** The rows that a mail connector is sent with, and what the host was asked for. */
  async function rowsWith(
    found: ((type: string, tag?: string) => Promise<unknown>) | undefined,
    channel: 'sms' | 'email' = 'email',
  ) {
    let rows: unknown
    const asked: unknown[] = []
    const find = found && {
      getI18nEmailTemplate: (...question: [string, string?]) => {
        asked.push(question)
        return found(...question)
      },
    }
    const { error } = await sendThat(
      async (_, { templates }) => {
        rows = templates
        return { ids: {} }
      },
      { connector: { channel }, payload: { locale: 'fr' }, ...find },
    )
    return { rows, asked, error }
  }
  const template = { subject: 'Votre code', content: '<b>{{code}}</b>' }

  test('are asked for by usage type and language, and take the place of those of the configuration', async () => {
    expect(await rowsWith(async () => ({ ...template, contentType: 'text/html', replyTo: 'a@b.c' }))).toEqual(
      {
        rows: [{ usageType: 'SignIn', ...template }],
        asked: [['SignIn', 'fr']],
        error: undefined,
      },
    )
  })

  test('in plain text become HTML, with the text beside it', async () => {
    const { rows } = await rowsWith(async () => ({
      subject: 's',
      content: 'a < b\n{{code}}',
      contentType: 'text/plain',
    }))
    expect(rows).toEqual([
      { usageType: 'SignIn', subject: 's', content: 'a &lt; b<br>\n{{code}}', text: 'a < b\n{{code}}' },
    ])
  })

  test.each([
    ['has none', async () => undefined],
    ['cannot look', async () => Promise.reject(new Error('the database is away'))],
    ['has one without content', async () => ({ subject: 's' })],
    ['is older than such templates', undefined],
  ])('give way to those of the configuration where the host %s', async (_, found) => {
    const { rows, error } = await rowsWith(found)
    expect(rows).toEqual(config.templates)
    expect(error).toBeUndefined()
  })

  test('are no matter of text messages', async () => {
    const { rows, asked } = await rowsWith(async () => template, 'sms')
    expect({ rows, asked }).toEqual({ rows: config.templates, asked: [] })
  })
})
