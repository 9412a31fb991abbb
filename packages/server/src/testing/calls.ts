import { expect } from 'vitest'
import type { Launched } from './launch.ts'

/** Calls the Management API and reads the whole answer. */
export async function callWithHeaders(server: Launched, method: string, path: string, body?: unknown) {
  const answer = await server.manage(method, path, body)
  const text = await answer.text()
  const isJson = answer.headers.get('content-type')?.includes('json')
  return { status: answer.status, body: isJson ? JSON.parse(text) : text, headers: answer.headers }
}

/** Calls the Management API: `expect(await call(server, 'GET', '/api/users')).toEqual({ status: 200, body: [] })`. */
export async function call(...asked: Parameters<typeof callWithHeaders>) {
  const { status, body } = await callWithHeaders(...asked)
  return { status, body }
}

/** What a refused call comes to: `expect(answer).toMatchObject(code(404, 'entity.not_found'))`. */
export const code = (status: number, name: string) => ({
  status,
  body: { code: name, message: expect.stringMatching(/.+/) },
})
