import { describe, expect, test } from 'vitest'
import {
  changed,
  EMAIL,
  makeThirdParty,
  newUser,
  OPEN,
  PASSWORD,
  PHONE,
  ready,
  signIn,
  verified,
} from './testing.ts'

const code = (status: number, name: string) => ({ status, body: { code: name, message: expect.any(String) } })

describe('the own account', () => {
  test('shows what scope and field control both open', async () => {
    const server = await ready()
    const input = {
      name: 'Ada',
      primaryEmail: EMAIL,
      primaryPhone: PHONE,
      customData: { a: 1 },
      profile: { nickname: 'A', address: { country: 'UK' } },
    }
    const id = await newUser(server, input)
    const all = await signIn(server)
    const { body } = await all.call('GET', '/api/my-account')
    expect(body).toEqual({
      ...input,
      id,
      hasSecurityVerificationMethod: true,
      username: 'ada',
      avatar: null,
      hasPassword: true,
      lastSignInAt: expect.any(Number),
      createdAt: expect.any(Number),
      updatedAt: expect.any(Number),
      applicationId: all.applicationId,
      cimdClientId: null,
      isSuspended: false,
      identities: {},
    })

    const some = await signIn(server, { scope: 'openid profile email' })
    const seen = (await some.call('GET', '/api/my-account')).body
    expect(seen).toMatchObject({ profile: { nickname: 'A' }, primaryEmail: EMAIL })
    expect(seen).not.toHaveProperty('primaryPhone')
    expect(seen).not.toHaveProperty('customData')
    expect(seen.profile).not.toHaveProperty('address')

    const least = await signIn(server, { scope: 'openid' })
    expect((await least.call('GET', '/api/my-account')).body).toEqual({
      id,
      hasSecurityVerificationMethod: true,
    })

    await changed(server, '/api/account-center', { fields: { name: 'ReadOnly', email: 'Off' } })
    const closed = (await all.call('GET', '/api/my-account')).body
    expect(closed).toMatchObject({ name: 'Ada', isSuspended: false })
    for (const field of ['username', 'avatar', 'profile', 'hasPassword', 'primaryEmail', 'primaryPhone'])
      expect(closed).not.toHaveProperty(field)
  })

  test('changes name, picture, username and custom data', async () => {
    const server = await ready()
    await newUser(server, { name: 'Ada', customData: { a: 1 } })
    const user = await signIn(server)
    const change = { name: '', avatar: 'https://example.com/a.png', customData: { b: 2 } }
    const answer = await user.call('PATCH', '/api/my-account', { ...change, primaryEmail: EMAIL })
    expect(answer).toMatchObject({ status: 200, body: { ...change, name: null, primaryEmail: null } })
    const proof = await user.proof()
    const renamed = await user.call('PATCH', '/api/my-account', { username: 'grace' }, proof)
    expect(renamed).toMatchObject({ status: 200, body: { username: 'grace' } })
  })

  test.each<[object, number, string]>([
    [{}, 422, 'entity.invalid_input'],
    [{ primaryEmail: EMAIL }, 422, 'entity.invalid_input'],
    [{ name: 'x'.repeat(129) }, 422, 'entity.value_too_long'],
    [{ avatar: '' }, 400, 'guard.invalid_input'],
    [{ avatar: 'data:text/html,x' }, 400, 'guard.invalid_input'],
    [{ customData: null }, 400, 'guard.invalid_input'],
    [{ customData: [] }, 400, 'guard.invalid_input'],
    [{ username: '1st' }, 400, 'guard.invalid_input'],
    [{ username: 'free' }, 401, 'verification_record.permission_denied'],
    [{ username: null }, 401, 'verification_record.permission_denied'],
  ])('refuses the change %j', async (change, status, name) => {
    const server = await ready()
    await newUser(server)
    const user = await signIn(server)
    expect(await user.call('PATCH', '/api/my-account', change)).toMatchObject(code(status, name))
  })

  test('lets the profile grow to 64 KiB in all, and takes bodies of as much', async () => {
    const server = await ready()
    await newUser(server)
    const user = await signIn(server)
    const change = (member: string, size: number) =>
      user.call('PATCH', '/api/my-account/profile', { [member]: 'x'.repeat(size) })
    expect(await change('nickname', 60_000)).toMatchObject({ status: 200 })
    expect(await change('gender', 60_000)).toMatchObject({
      status: 400,
      body: { code: 'guard.invalid_input', data: { issues: [{ code: 'too_big', path: ['profile'] }] } },
    })
    expect(await change('nickname', 70_000)).toMatchObject({ status: 413, body: { data: { limit: 65_536 } } })
  })

  test('refuses a username that somebody has, that breaks the policy, or that is the last way in', async () => {
    const usernamePolicy = {
      caseSensitive: false,
      minLength: 3,
      maxLength: 12,
      allowedChars: { lowercase: true, uppercase: true, numbers: true, underscore: false },
    }
    const server = await ready(OPEN, { usernamePolicy })
    await newUser(server, { username: 'grace' })
    await newUser(server)
    const user = await signIn(server)
    const proof = await user.proof()
    const rename = (username: string | null) =>
      user.call('PATCH', '/api/my-account', { username, name: 'never' }, proof)
    expect(await rename('ab')).toMatchObject(code(422, 'user.username_too_short'))
    expect(await rename('a_b')).toMatchObject(code(422, 'user.username_underscore_not_allowed'))
    expect(await rename('GRACE')).toMatchObject(code(422, 'user.username_already_in_use'))
    expect(await rename(null)).toMatchObject(code(400, 'user.last_sign_in_method_required'))
    expect((await user.call('GET', '/api/my-account')).body).toMatchObject({ username: 'ada', name: null })
    expect((await rename('ADA')).status).toBe(200)
    await changed(server, `/api/users/${user.userId}`, { primaryPhone: PHONE })
    expect(await rename(null)).toMatchObject({ status: 200, body: { username: null } })
  })

  test('merges the profile, and replaces its address as a whole', async () => {
    const server = await ready()
    await newUser(server, { profile: { nickname: 'A', address: { country: 'UK', region: 'x' } } })
    const user = await signIn(server)
    const change = (body: object) => user.call('PATCH', '/api/my-account/profile', body)
    expect(await change({ gender: '', address: { country: 'FR' }, unknown: 1 })).toMatchObject({
      status: 200,
      body: { nickname: 'A', gender: '', address: { country: 'FR' } },
    })
    expect((await change({ unknown: 1 })).status).toBe(200)
    expect(await change({ nickname: null })).toMatchObject(code(400, 'guard.invalid_input'))
    const narrow = await signIn(server, { scope: 'openid profile' })
    const path = '/api/my-account/profile'
    expect(await narrow.call('PATCH', path, { address: {} })).toMatchObject(code(400, 'auth.unauthorized'))
    expect((await narrow.call('PATCH', path, { nickname: 'B' })).body).toEqual({ nickname: 'B', gender: '' })
  })
})

describe('a password', () => {
  const set = '/api/my-account/password'

  test('is replaced after a proof; the sessions, tokens and proofs go on', async () => {
    const server = await ready()
    await newUser(server)
    const user = await signIn(server)
    const body = { password: 'another good passphrase' }
    expect(await user.call('POST', set, body)).toMatchObject(
      code(401, 'verification_record.permission_denied'),
    )
    const proof = await user.proof()
    expect((await user.call('POST', set, body, proof)).status).toBe(204)
    expect(await user.call('POST', set, body, proof)).toMatchObject(code(422, 'user.same_password'))
    expect(await user.call('POST', '/api/verifications/password', { password: PASSWORD })).toMatchObject(
      code(422, 'session.invalid_credentials'),
    )
    expect(await user.proof(body.password)).not.toBe(proof)
    expect((await user.call('GET', '/api/my-account')).status).toBe(200)
  })

  test('must follow the policy, and may not be made of what is known about the user', async () => {
    const server = await ready()
    await newUser(server, { primaryEmail: 'lovelace@example.com' })
    const user = await signIn(server)
    const proof = await user.proof()
    const refused = await user.call('POST', set, { password: 'sh0rt' }, proof)
    expect(refused).toMatchObject(code(422, 'password.rejected'))
    expect(refused.body.data).toEqual([{ code: 'password_rejected.too_short', interpolation: { min: 8 } }])
    expect((await user.call('POST', set, { password: 'lovelace-7' }, proof)).body.data).toEqual([
      { code: 'password_rejected.restricted.user_info' },
    ])
  })

  test('may be set for the first time without a proof only by who has nothing to prove with', async () => {
    const server = await ready()
    await newUser(server)
    const user = await signIn(server, { scope: 'openid' })
    // As for a user who was moved in without a password.
    await server.app.users.update(user.userId, { passwordHash: null })
    expect((await user.call('GET', '/api/my-account')).body.hasSecurityVerificationMethod).toBe(false)
    await changed(server, `/api/users/${user.userId}`, { primaryPhone: PHONE })
    const body = { password: 'a first passphrase' }
    expect(await user.call('POST', set, body)).toMatchObject(
      code(401, 'verification_record.permission_denied'),
    )
    await changed(server, `/api/users/${user.userId}`, { primaryPhone: null })
    expect((await user.call('POST', set, body)).status).toBe(204)
  })
})

describe.each([
  ['email', '/api/my-account/primary-email', 'primaryEmail', EMAIL, 'grace@example.com'],
  ['phone', '/api/my-account/primary-phone', 'primaryPhone', PHONE, '8613800138001'],
] as const)('an own %s', (type, path, member, value, other) => {
  const body = (address: string, id: string) => ({ [type]: address, newIdentifierVerificationRecordId: id })

  test('is added, replaced and removed, each with a proof', async () => {
    const server = await ready()
    await newUser(server)
    const user = await signIn(server)
    const proof = await user.proof()
    for (const address of [value, other]) {
      const record = await verified(server, user, { type, value: address })
      expect((await user.call('POST', path, body(address, record), proof)).status).toBe(204)
      expect((await user.call('GET', '/api/my-account')).body[member]).toBe(address)
    }
    expect((await user.call('DELETE', path, undefined, proof)).status).toBe(204)
    expect((await user.call('DELETE', path, undefined, proof)).status).toBe(204)
    expect((await user.call('GET', '/api/my-account')).body[member]).toBeNull()
    expect(server.log.join('\n')).not.toContain(value)
  })

  test('needs a record of exactly that address, verified by the same user', async () => {
    const server = await ready()
    await newUser(server)
    await newUser(server, { username: 'grace' })
    const user = await signIn(server)
    const stranger = await signIn(server, { username: 'grace' })
    const proof = await user.proof()
    const refusal = code(400, 'verification_record.not_found')
    const unverified = await user.send({ type, value })
    const foreign = await verified(server, stranger, { type, value })
    const otherwise = await verified(server, user, { type, value: other })
    for (const id of ['', 'x'.repeat(21), proof, unverified, foreign, otherwise])
      expect(await user.call('POST', path, body(value, id), proof)).toMatchObject(refusal)
    server.wait(9 * 60_000)
    const fresh = await user.proof()
    server.wait(60_000)
    expect(await user.call('POST', path, body(other, otherwise), fresh)).toMatchObject(refusal)
  })

  test('that somebody else has is refused, and only now', async () => {
    const server = await ready()
    await newUser(server, { username: 'grace', [member]: value })
    await newUser(server)
    const user = await signIn(server)
    const record = await verified(server, user, { type, value })
    expect(await user.call('POST', path, body(value, record), await user.proof())).toMatchObject(
      code(422, `user.${type}_already_in_use`),
    )
  })

  test('is changed only with proof, then control, then scope, then by an application of the house', async () => {
    const server = await ready()
    await newUser(server, { [member]: value })
    const narrow = await signIn(server, { scope: 'openid profile' })
    const user = await signIn(server)
    const proof = await narrow.proof()
    const requests = [
      ['POST', body(other, 'x')],
      ['DELETE', undefined],
    ] as const
    for (const [method, content] of requests)
      expect(await narrow.call(method, path, content)).toMatchObject(
        code(401, 'verification_record.permission_denied'),
      )
    await changed(server, '/api/account-center', { fields: { [type]: 'ReadOnly' } })
    for (const [method, content] of requests)
      expect(await narrow.call(method, path, content, proof)).toMatchObject(
        code(400, 'account_center.field_not_editable'),
      )
    await changed(server, '/api/account-center', { fields: { [type]: 'Edit' } })
    for (const [method, content] of requests)
      expect(await narrow.call(method, path, content, proof)).toMatchObject(code(400, 'auth.unauthorized'))
    await makeThirdParty(server, user.applicationId)
    for (const [method, content] of requests)
      expect(await user.call(method, path, content, proof)).toMatchObject(
        code(403, 'auth.third_party_application_forbidden'),
      )
    expect((await user.call('GET', '/api/my-account')).body[member]).toBe(value)
  })

  test('that is the last way in stays', async () => {
    const server = await ready()
    await newUser(server, { [member]: value })
    const user = await signIn(server)
    const proof = await user.proof()
    await changed(server, `/api/users/${user.userId}`, { username: null })
    expect(await user.call('DELETE', path, undefined, proof)).toMatchObject(
      code(400, 'user.last_sign_in_method_required'),
    )
  })

  test('replaced makes codes on their way worthless', async () => {
    const server = await ready()
    await newUser(server, { [member]: value })
    const user = await signIn(server)
    const pending = await user.send({ type, value })
    const sent = server.codeFor(type === 'phone' ? `+${value}` : value)
    const record = await verified(server, user, { type, value: other })
    expect((await user.call('POST', path, body(other, record), await user.proof())).status).toBe(204)
    expect(await user.verify({ type, value }, pending, sent)).toMatchObject(
      code(400, 'verification_record.not_found'),
    )
  })
})

test('a new number must be digits alone', async () => {
  const server = await ready()
  await newUser(server)
  const user = await signIn(server)
  const proof = await user.proof()
  expect(
    await user.call(
      'POST',
      '/api/my-account/primary-phone',
      { phone: '+8613800138000', newIdentifierVerificationRecordId: proof },
      proof,
    ),
  ).toMatchObject(code(400, 'guard.invalid_input'))
})

test('a new e-mail address must pass the block list', async () => {
  const server = await ready()
  await newUser(server)
  const user = await signIn(server)
  const proof = await user.proof()
  const record = await verified(server, user, { type: 'email', value: 'x+y@example.com' })
  await changed(server, '/api/sign-in-exp', { emailBlocklistPolicy: { blockSubaddressing: true } })
  const refused = await user.call(
    'POST',
    '/api/my-account/primary-email',
    { email: 'x+y@example.com', newIdentifierVerificationRecordId: record },
    proof,
  )
  expect(refused).toMatchObject(code(422, 'session.email_blocklist.email_subaddressing_not_allowed'))
})

describe.each<[string, string, object, string[]]>([
  ['PATCH', '/api/my-account', { name: 'x' }, ['name']],
  ['PATCH', '/api/my-account', { customData: {} }, ['customData']],
  ['PATCH', '/api/my-account/profile', { nickname: 'x' }, ['profile']],
])('%s %s %j', (method, path, body, [field]) => {
  test('needs the control, then the scope, then an application of the house', async () => {
    const server = await ready()
    await newUser(server)
    const narrow = await signIn(server, { scope: 'openid' })
    const user = await signIn(server)
    await changed(server, '/api/account-center', { fields: { [field!]: 'ReadOnly' } })
    expect(await narrow.call(method, path, body)).toMatchObject(
      code(400, 'account_center.field_not_editable'),
    )
    await changed(server, '/api/account-center', { fields: { [field!]: 'Edit' } })
    expect(await narrow.call(method, path, body)).toMatchObject(code(400, 'auth.unauthorized'))
    await makeThirdParty(server, user.applicationId)
    expect(await user.call(method, path, body)).toMatchObject(
      code(403, 'auth.third_party_application_forbidden'),
    )
  })
})
