import type { EmailTemplate } from '@countersign/api'
import { defaultMail } from '@countersign/kit/default-mails'
import { describe, expect, test } from 'vitest'
import {
  changed,
  filled,
  hidesCode,
  mistakesOf,
  newForm,
  strayPlaceholders,
  type TemplateForm,
  toDetails,
  toForm,
} from './form.ts'

const right: TemplateForm = { ...newForm('en'), subject: 'S', content: '{{code}}' }

describe('the form of an e-mail template', () => {
  test('shows what the server stored, and sends only what it shows', () => {
    const template: EmailTemplate = {
      tenantId: 'default',
      id: 't',
      languageTag: 'en',
      templateType: 'SignIn',
      details: { subject: 'S', content: 'C', replyTo: 'a@b.example' },
      createdAt: 1,
    }
    const form = toForm(template)
    expect(form).toEqual({
      language: 'en',
      occasion: 'SignIn',
      subject: 'S',
      content: 'C',
      kind: 'text/html',
    })
    expect(toDetails(form)).toEqual({ subject: 'S', content: 'C', contentType: 'text/html' })
  })

  test.each<[Partial<TemplateForm>, string[]]>([
    [{}, []],
    [{ language: ' ' }, ['language']],
    [{ language: 'x'.repeat(17) }, ['language']],
    [{ subject: ' ', content: '\n' }, ['subject', 'content']],
  ])('with %j has its mistakes in %j', (changes, fields) => {
    expect(mistakesOf({ ...right, ...changes })).toEqual(fields)
  })

  test('tells when nobody would learn the code', () => {
    expect(hidesCode(right)).toBe(false)
    expect(hidesCode({ ...right, content: '', subject: 'Your {{ code }}' })).toBe(false)
    expect(hidesCode({ ...right, content: '{code} {{codes}}' })).toBe(true)
  })
})

describe('a new template', () => {
  test('begins with what an e-mail says at first, in the language of whoever writes it', () => {
    expect(newForm('zh-CN')).toEqual({
      language: 'zh-CN',
      occasion: 'Generic',
      subject: defaultMail('Generic', 'zh-CN').subject,
      content: defaultMail('Generic', 'zh-CN').content,
      kind: 'text/html',
    })
    expect(mistakesOf(newForm('en'))).toEqual([])
    expect(hidesCode(newForm('en'))).toBe(false)
  })

  test('follows language, occasion and format until somebody writes something else', () => {
    const english = changed(newForm('zh-CN'), { language: 'en' })
    expect(english).toEqual(newForm('en'))
    expect(changed(english, { occasion: 'SignIn' })).toEqual(newForm('en', { occasion: 'SignIn' }))
    const plain = changed(english, { kind: 'text/plain' })
    expect(plain.content).toBe(defaultMail('Generic', 'en').text)
    expect(changed(plain, { kind: 'text/html' })).toEqual(english)
    const own = changed(english, { subject: 'Hello' })
    expect(changed(own, { occasion: 'SignIn' })).toEqual({ ...own, occasion: 'SignIn' })
    expect(changed(own, { language: 'zh-CN' })).toEqual({ ...own, language: 'zh-CN' })
  })
})

test('placeholders that nothing fills in are told, with the one that was meant', () => {
  expect(
    strayPlaceholders({ ...right, subject: '{{Code}}', content: '{{{code}}} {{minute}} {{code}}' }),
  ).toEqual([
    { kind: 'unknown', written: '{{Code}}', meant: '{{code}}' },
    { kind: 'braces', written: '{{{code}}}', meant: '{{code}}' },
    { kind: 'unknown', written: '{{minute}}', meant: '{{minutes}}' },
  ])
  expect(strayPlaceholders(right)).toEqual([])
})

describe('the preview', () => {
  test('fills in what is known, and leaves the rest', () => {
    expect(filled('{{code}} {{ minutes }} {{constructor}} {{link}}', 'text/plain')).toBe(
      '246810 10 {{constructor}} {{link}}',
    )
  })

  test('escapes values only where markup is read', () => {
    expect(filled('{{application.name}}', 'text/html')).toBe('Shop &amp; Co')
    expect(filled('{{application.name}}', 'text/plain')).toBe('Shop & Co')
  })
})
