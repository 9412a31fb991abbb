import { lintWith } from '@countersign/connectors'
import { defaultMail, MAIL_LANGUAGES, REQUIRED_USAGE_TYPES } from '@countersign/kit'
import { sampleSettings } from '@countersign/simulators'
import { expect, test } from 'vitest'
import { createRegistry } from '../connections/registry.ts'
import { eachServerDatabase } from '../db/testing.ts'
import { type Launched, launch } from '../testing/launch.ts'
import { signInOperator } from '../testing/operator.ts'

// As the console begins: in one language for all readers, in the other for those who read that.
const templates = MAIL_LANGUAGES.flatMap((language, index) =>
  REQUIRED_USAGE_TYPES.map(usageType => {
    const { subject, content } = defaultMail(usageType, language)
    return { usageType, subject, content, ...(index > 0 && { locale: language }) }
  }),
)
const config = { ...sampleSettings['aliyun-dm'], templates }
const TO = 'ada@example.com'

/** Sends a test from the console, and reads it. */
async function tried(server: Launched, call: Awaited<ReturnType<typeof signInOperator>>, body: object) {
  const answer = await call('POST', '/api/console/catalog/aliyun-dm/test', { to: TO, config, ...body })
  expect(await answer.json()).toMatchObject({ delivered: true })
  return server.clouds.inbox.messages()[0]!
}

eachServerDatabase('the e-mails that a new connection begins with', fresh => {
  test('arrive in both languages with code and time, as HTML and as text', async () => {
    const server = await launch(await fresh())
    const call = await signInOperator(server.app)
    for (const usageType of REQUIRED_USAGE_TYPES)
      for (const locale of MAIL_LANGUAGES) {
        const { subject, text } = defaultMail(usageType, locale)
        const mail = await tried(server, call, { usageType, locale, template: null })
        expect(mail).toMatchObject({ subject, code: '000000', html: expect.stringContaining('>000000</p>') })
        const said = text.replace('{{code}}', '000000').replace('{{minutes}}', '10')
        expect(mail.text.trim()).toBe(said)
      }
    await server.connect('aliyun-dm', { templates })
    expect((await server.manage('POST', '/api/verification-codes', { email: TO })).status).toBe(204)
    expect(server.clouds.inbox.messages()[0]).toMatchObject({
      subject: defaultMail('Generic', 'en').subject,
      code: expect.stringMatching(/^\d{6}$/),
    })
  })

  test('are what a test in their form sends, also where other templates would be sent; a test there sends its own', async () => {
    const server = await launch(await fresh())
    const call = await signInOperator(server.app)
    const details = { subject: 'Apart', content: '<b>{{code}}</b>' }
    const put = { templates: [{ languageTag: 'en', templateType: 'Generic', details }] }
    expect((await server.manage('PUT', '/api/email-templates', put)).status).toBe(200)
    const first = defaultMail('Generic', 'en')
    expect((await tried(server, call, { locale: 'en', template: null })).subject).toBe(first.subject)
    expect((await tried(server, call, { locale: 'en' })).subject).toBe('Apart')
    const template = { subject: 'Being written', content: 'Code: {{code}}', contentType: 'text/plain' }
    expect(await tried(server, call, { locale: 'en', template })).toMatchObject({
      subject: 'Being written',
      text: 'Code: 000000',
    })
    const wrong = await call('POST', '/api/console/catalog/aliyun-dm/test', {
      to: TO,
      config,
      template: { subject: 1 },
    })
    expect(wrong.status).toBe(400)
  })
})

test('nothing is to be said against the e-mails that a new connection begins with', () => {
  const connector = createRegistry().byId('aliyun-dm')!
  const about = lintWith(connector, config, { codeLength: 8 }).filter(({ path }) => path[0] === 'templates')
  expect(about).toEqual([])
})
