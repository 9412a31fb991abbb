import { expect, test } from 'vitest'
import { type Launched, launch } from '../testing/launch.ts'

async function call(server: Launched, method: string, path: string, body?: unknown) {
  const answer = await server.manage(method, path, body)
  const text = await answer.text()
  return { status: answer.status, body: text && JSON.parse(text), headers: answer.headers }
}

const code = (status: number, name: string) => ({ status, body: { code: name, message: expect.any(String) } })

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

test('an e-mail says what its template says, in the language of its reader', async () => {
  const server = await launch()
  await server.connect('aliyun-dm')
  const details = { subject: 'Votre code', content: '<b>{{code}}</b>' }
  const put = await call(server, 'PUT', '/api/email-templates', {
    templates: [
      { languageTag: 'en', templateType: 'Generic', details: { ...details, subject: 'Your code' } },
      { languageTag: 'fr', templateType: 'Generic', details },
    ],
  })
  expect(put).toMatchObject({ status: 200, body: [{ templateType: 'Generic' }, { languageTag: 'fr' }] })
  expect(await call(server, 'POST', '/api/verification-codes', { email: 'ada@example.com' })).toMatchObject({
    status: 204,
  })
  const message = server.clouds.inbox.messages()[0]!
  expect(JSON.stringify(message)).toContain('Your code')
  const [{ id }] = put.body
  expect(
    await call(server, 'PATCH', `/api/email-templates/${id}/details`, { subject: 'Code' }),
  ).toMatchObject({ status: 200, body: { details: { subject: 'Code', content: '<b>{{code}}</b>' } } })
  expect((await call(server, 'GET', '/api/email-templates?languageTag=fr')).body).toHaveLength(1)
  expect(await call(server, 'DELETE', '/api/email-templates')).toMatchObject(
    code(422, 'connector.email_connector.bulk_deletion_no_filter'),
  )
  expect((await call(server, 'DELETE', '/api/email-templates?templateType=Generic')).body).toEqual({
    rowCount: 2,
  })
  expect(await call(server, 'GET', `/api/email-templates/${id}`)).toMatchObject(
    code(404, 'entity.not_exists_with_id'),
  )
  expect(await call(server, 'PUT', '/api/email-templates', { templates: [] })).toMatchObject(
    code(400, 'guard.invalid_input'),
  )
})

test('the password policy can be tried', async () => {
  const server = await launch()
  const { body: user } = await call(server, 'POST', '/api/users', { username: 'lovelace' })
  const check = (body: object) => call(server, 'POST', '/api/sign-in-exp/default/check-password', body)
  expect(await check({ password: 'gX4!kq9z' })).toMatchObject(code(400, 'request.invalid_input'))
  expect(await check({ password: 'gX4!kq9z', userId: user.id })).toMatchObject({
    status: 200,
    body: { result: true },
  })
  expect(await check({ password: 'lovelace-7', userId: user.id })).toMatchObject({
    status: 400,
    body: { result: false, issues: [{ code: 'password_rejected.restricted.user_info' }] },
  })
  expect(await check({ password: 'x', userId: 'nobody' })).toMatchObject(code(404, 'entity.not_found'))
  await call(server, 'PATCH', '/api/sign-in-exp', { passwordPolicy: { rejects: { userInfo: false } } })
  expect(await check({ password: 'sh0rt' })).toMatchObject({
    status: 400,
    body: { issues: [{ code: 'password_rejected.too_short', interpolation: { min: 8 } }] },
  })
})

test('usernames that differ by case alone keep their case', async () => {
  const server = await launch()
  const ids = []
  for (const username of ['ada', 'ADA', 'grace'])
    ids.push((await call(server, 'POST', '/api/users', { username })).body.id)
  const conflicts = '/api/sign-in-exp/username-policy/case-sensitivity-conflicts'
  const found = await call(server, 'GET', `${conflicts}?limit=5`)
  expect(found.body).toEqual({
    totalConflicts: 1,
    samples: [{ usernameLower: 'ada', userIds: expect.arrayContaining(ids.slice(0, 2)) }],
  })
  const usernamePolicy = {
    caseSensitive: false,
    minLength: 1,
    maxLength: 128,
    allowedChars: { lowercase: true, uppercase: true, numbers: true, underscore: true },
  }
  expect(await call(server, 'PATCH', '/api/sign-in-exp', { usernamePolicy })).toMatchObject({
    status: 409,
    body: { code: 'sign_in_experiences.username_policy_case_conflicts_exist', data: found.body },
  })
  await call(server, 'DELETE', `/api/users/${ids[1]}`)
  expect((await call(server, 'PATCH', '/api/sign-in-exp', { usernamePolicy })).status).toBe(200)
})
