import { expect, test } from 'vitest'
import { call, code } from '../testing/calls.ts'
import { launch } from '../testing/launch.ts'

test('own texts are written, shown to everybody, and may be what everything falls back on', async () => {
  const server = await launch()
  const path = '/api/custom-phrases/fr-CA'
  const written = await call(server, 'PUT', path, { action: { sign_in: 'Entrer' } })
  expect(written).toMatchObject({ status: 201, body: { languageTag: 'fr-CA', tenantId: 'default' } })
  expect((await call(server, 'GET', '/api/custom-phrases')).body).toEqual([written.body])
  expect((await call(server, 'GET', path)).body).toEqual(written.body)
  const open = await fetch(`${server.endpoint}/api/.well-known/phrases?lng=xx%20fr`)
  expect(open.headers.get('content-language')).toBe('fr-CA')
  const { translation } = (await open.json()) as { translation: Record<string, Record<string, string>> }
  expect(translation.action).toMatchObject({ sign_in: 'Entrer', continue: 'Continue' })
  expect(Object.keys(translation)).toEqual(
    expect.arrayContaining([
      'input',
      'secondary',
      'description',
      'error',
      'list',
      'mfa',
      'profile',
      'user_scopes',
    ]),
  )
  const languageInfo = { autoDetect: false, fallbackLanguage: 'fr-CA' }
  expect((await call(server, 'PATCH', '/api/sign-in-exp', { languageInfo })).status).toBe(200)
  const header = { 'accept-language': 'zh-CN' }
  const deaf = await fetch(`${server.endpoint}/api/.well-known/phrases`, { headers: header })
  expect(deaf.headers.get('content-language')).toBe('fr-CA')
  expect(await call(server, 'DELETE', path)).toMatchObject(
    code(409, 'localization.cannot_delete_default_language'),
  )
})

test('the built-in texts stay readable beside own ones, in the language that is nearest', async () => {
  const server = await launch()
  await call(server, 'PUT', '/api/custom-phrases/zh-CN', { action: { sign_in: '进入商店' } })
  const read = async (tag: string) => (await call(server, 'GET', `/api/custom-phrases/${tag}/built-in`)).body
  expect(await read('zh-CN')).toMatchObject({
    languages: expect.arrayContaining(['en', 'zh-CN']),
    languageTag: 'zh-CN',
    translation: { action: { sign_in: '登录' } },
  })
  expect((await read('zh-MO')).languageTag).toBe('zh-TW')
  // No text here is in French: shown is what would be said instead.
  expect(await read('fr')).toMatchObject({
    languageTag: 'en',
    translation: { action: { sign_in: 'Sign in' } },
  })
  expect(await call(server, 'GET', '/api/custom-phrases/xx/built-in')).toMatchObject(
    code(400, 'guard.invalid_input'),
  )
})

test('own texts that fit nowhere, or in no language, are refused', async () => {
  const server = await launch()
  expect(await call(server, 'PUT', '/api/custom-phrases/en', { nowhere: { x: 'y' } })).toMatchObject(
    code(422, 'localization.invalid_translation_structure'),
  )
  for (const tag of ['english', 'xx', 'EN', 'fr-XX1'])
    expect(await call(server, 'PUT', `/api/custom-phrases/${tag}`, {}), tag).toMatchObject(
      code(400, 'guard.invalid_input'),
    )
  expect(await call(server, 'GET', '/api/custom-phrases/fr')).toMatchObject(code(404, 'entity.not_found'))
})
