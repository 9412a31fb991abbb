import { expect, test } from 'vitest'
import { call, code } from '../testing/calls.ts'
import { launch } from '../testing/launch.ts'

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
