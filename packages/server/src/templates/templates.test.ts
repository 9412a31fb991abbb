import { expect, test } from 'vitest'
import { eachDatabase } from '../db/testing.ts'
import { errorOf, testWorld } from '../testing/world.ts'
import { createTemplates, type TemplateInput } from './templates.ts'

const template = (languageTag: string, templateType: string, subject: string) =>
  ({ languageTag, templateType, details: { subject, content: 'Code: {{code}}' } }) as TemplateInput

eachDatabase('e-mail templates', openFresh => {
  const setUp = async () => createTemplates(await openFresh(), testWorld())

  test('take the place of those of the same language and type', async () => {
    const templates = await setUp()
    const [first] = await templates.put([template('en', 'SignIn', 'a'), template('en', 'Generic', 'b')])
    const [again] = await templates.put([template('en', 'SignIn', 'c')])
    expect(again).toEqual({ ...first, details: { subject: 'c', content: 'Code: {{code}}' } })
    expect(await templates.list({})).toHaveLength(2)
    expect(await templates.list({ templateType: 'SignIn', languageTag: 'en' })).toEqual([again])
  })

  test('are changed member by member', async () => {
    const templates = await setUp()
    const { id } = (await templates.put([template('en', 'SignIn', 'a')]))[0]!
    expect((await templates.change(id, { replyTo: 'x', content: undefined })).details).toEqual({
      subject: 'a',
      content: 'Code: {{code}}',
      replyTo: 'x',
    })
    await Promise.all([templates.change(id, { subject: 'b' }), templates.change(id, { sendFrom: 'y' })])
    expect((await templates.get(id)).details).toMatchObject({ subject: 'b', sendFrom: 'y', replyTo: 'x' })
  })

  test('are deleted one by one, or all of a language or type, but never all at once', async () => {
    const templates = await setUp()
    const [first] = await templates.put([
      template('en', 'SignIn', 'a'),
      template('fr', 'SignIn', 'b'),
      template('fr', 'Generic', 'c'),
    ])
    await templates.delete(first!.id)
    for (const asked of [
      () => templates.delete(first!.id),
      () => templates.get('x'),
      () => templates.change('x', {}),
    ])
      expect((await errorOf(asked())).code).toBe('entity.not_exists_with_id')
    expect((await errorOf(templates.deleteSome({}))).code).toBe(
      'connector.email_connector.bulk_deletion_no_filter',
    )
    expect(await templates.deleteSome({ languageTag: 'fr', templateType: 'Generic' })).toBe(1)
    expect(await templates.deleteSome({ languageTag: 'fr' })).toBe(1)
  })

  test('are found by occasion and language, then by the fallback language, then the general one in that', async () => {
    const templates = await setUp()
    expect(await templates.find('SignIn', 'en', 'en')).toBeUndefined()
    await templates.put([
      template('fr', 'SignIn', 'fr'),
      template('en', 'SignIn', 'en'),
      template('en', 'Generic', 'general'),
      template('fr', 'Generic', 'wrong'),
    ])
    const subject = async (type: string, locale: string | undefined) =>
      (await templates.find(type, locale, 'en'))?.subject
    expect(await subject('SignIn', 'fr')).toBe('fr')
    expect(await subject('SignIn', 'de')).toBe('en')
    expect(await subject('SignIn', undefined)).toBe('en')
    expect(await subject('Register', 'fr')).toBe('general')
    expect(await templates.find('Register', 'fr', 'de')).toBeUndefined()
  })
})
