import type { App } from '../app.ts'

/** A request to the console's door; the body, if any, goes as JSON. */
export type ConsoleCall = (method: string, path: string, body?: unknown) => Promise<Response>

/** Requests to the console's door of an app, with the session of its first operator, who is made here. */
export async function signInOperator(app: App): Promise<ConsoleCall> {
  const made = await callConsole(app)('POST', '/api/console/first-operator', {
    token: await app.operators.firstLink(),
    name: 'Ada',
    password: 'right password',
  })
  if (made.status !== 204) throw new Error(`No operator: ${await made.text()}`)
  return callConsole(app, { cookie: made.headers.getSetCookie()[0]!.split(';')[0]! })
}

/** Requests to the console's door of an app. */
export function callConsole(app: App, headers: Record<string, string> = {}): ConsoleCall {
  return async (method, path, body) =>
    app.console.request(path, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
}
