import { defaultMail } from '@countersign/kit/default-mails'
import { describe, expect, test } from 'vitest'
import { areMails, follow, mailRow, sampleFor } from './mail-row.ts'

/** What a row says at first: its text without HTML is made when it is sent. */
function first(...of: Parameters<typeof defaultMail>) {
  const { subject, content } = defaultMail(...of)
  return { subject, content }
}

const label = { en: 'x' }
const text = { kind: 'text', label, required: true } as const

test('templates are e-mails when they have a subject and a content of their own', () => {
  expect(areMails({ row: { subject: text, content: text } })).toBe(true)
  expect(areMails({ row: { templateCode: text } })).toBe(false)
  expect(areMails({})).toBe(false)
})

describe('the text of an e-mail that nobody has changed', () => {
  const signIn = mailRow({ usageType: 'SignIn', subject: '', content: '' }, 'zh-CN')

  test('is there from the start', () => {
    expect(signIn).toEqual({ usageType: 'SignIn', ...first('SignIn', 'zh-CN') })
    expect(mailRow({ usageType: 'SignIn' }, 'en', 'en')).toEqual({
      usageType: 'SignIn',
      locale: 'en',
      ...first('SignIn', 'en'),
    })
  })

  test('follows the usage type and the language', () => {
    expect(follow(signIn, { usageType: 'Register' })).toEqual({
      usageType: 'Register',
      ...first('Register', 'zh-CN'),
    })
    expect(follow(signIn, { locale: 'en' })).toEqual({
      usageType: 'SignIn',
      locale: 'en',
      ...first('SignIn', 'en'),
    })
    expect(follow({ ...signIn, locale: 'zh-CN' }, { locale: undefined })).toEqual(signIn)
  })

  test('stays what it is once somebody has written something else, or where there is none', () => {
    const own = { ...signIn, subject: '我们的验证码' }
    expect(follow(own, { usageType: 'Register' })).toEqual({ ...own, usageType: 'Register' })
    expect(follow(signIn, { usageType: 'NoSuchType' })).toEqual({ ...signIn, usageType: 'NoSuchType' })
    expect(mailRow({ usageType: 'NoSuchType', subject: '' }, 'en')).toEqual({
      usageType: 'NoSuchType',
      subject: '',
    })
  })
})

test('sample values leave e-mails alone that are written, and fill in what is empty', () => {
  const row = { subject: text, content: text }
  const fields = [
    { key: 'region', ...text },
    { key: 'templates', kind: 'templates', label, required: true, row } as const,
  ]
  const sample = { region: 'x', templates: [{ subject: 'sample' }] }
  expect(sampleFor({ fields, sample }, { templates: [{ subject: 'own' }] })).toEqual({ region: 'x' })
  expect(sampleFor({ fields, sample }, { templates: [] })).toEqual(sample)
  expect(sampleFor({ fields: fields.slice(0, 1), sample }, { templates: [{}] })).toEqual(sample)
  expect(sampleFor({ fields }, {})).toEqual({})
})
