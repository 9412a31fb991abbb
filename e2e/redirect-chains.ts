import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { RegisteredApplication } from '../packages/cli/src/visitor.ts'
import { locale } from '../packages/sign-in/src/locales/en.ts'
import { type Ready, registerApplication } from './ready.ts'
import { SignInPages } from './sign-in-pages.ts'
import type { Stage } from './stage.ts'

/** Gives the number and the code that arrives; whoever is new accepts the registration. */
export async function enter(
  { inbox }: Ready,
  page: Page,
  number: string,
  { isNew, scripted = true }: { isNew: boolean; scripted?: boolean },
): Promise<void> {
  const pages = new SignInPages(page, scripted)
  await pages.givePhone(number, 'CN')
  await pages.giveCode((await inbox.next(`86${number}`)).code!)
  if (isNew) await pages.acceptRegistration()
}

/** Origins of which each but the last redirects to the same path of the next, as an application does that moved. */
async function openChain(): Promise<{ first: string; last: string; close(): Promise<void> }> {
  const origins: string[] = []
  const servers = ['localhost', '127.0.0.1', 'localhost'].map((host, index) => ({
    host,
    server: createServer(({ url = '/' }, response) => {
      const next = origins[index + 1]
      const { pathname } = new URL(url, 'http://localhost')
      if (next !== undefined) response.writeHead(302, { location: `${next}${pathname}` }).end()
      else response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Arrived</h1>')
    }),
  }))
  for (const { host, server } of servers) {
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    origins.push(`http://${host}:${(server.address() as AddressInfo).port}`)
  }
  return {
    first: origins[0]!,
    last: origins.at(-1)!,
    async close() {
      for (const { server } of servers) {
        server.closeAllConnections()
        await new Promise(resolve => server.close(resolve))
      }
    },
  }
}

/**
 * Browsers hold every redirect after a form to the `form-action` of the form's page: the way out of the product must
 * lead on over origins that nobody has told it of.
 */
export function redirectChains(opened: () => { ready: Ready; stage: Stage }): void {
  describe.each([
    ['with scripts', true, '13800138243'],
    ['without scripts', false, '13800138244'],
  ])('an application whose addresses lead on over two more origins, %s', (_, scripted, number) => {
    let chain: Awaited<ReturnType<typeof openChain>>
    let application: RegisteredApplication
    let profile: BrowserContext
    let page: Page
    let issuer: string

    beforeAll(async () => {
      const { ready, stage } = opened()
      issuer = `${ready.product.endpoint}/oidc`
      chain = await openChain()
      application = await registerApplication(
        ready.management,
        `${chain.first}/callback`,
        `${chain.first}/bye`,
      )
      profile = await stage.profile({ javaScriptEnabled: scripted })
      page = await profile.newPage()
    })

    afterAll(async () => {
      await profile?.close()
      await chain?.close()
    })

    async function begin(more: Record<string, string> = {}): Promise<void> {
      const query = new URLSearchParams({
        client_id: application.id,
        redirect_uri: application.redirectUri,
        response_type: 'code',
        scope: 'openid',
        ...more,
      })
      await page.goto(`${issuer}/auth?${query}`)
    }

    async function signIn(isNew: boolean, more: Record<string, string> = {}): Promise<void> {
      await begin(more)
      await enter(opened().ready, page, number, { isNew, scripted })
    }

    async function signOut(): Promise<void> {
      const query = new URLSearchParams({
        client_id: application.id,
        post_logout_redirect_uri: application.postSignOutUri,
      })
      await page.goto(`${issuer}/session/end?${query}`)
      await new SignInPages(page, scripted).confirmSignOut()
    }

    it('ends at its last page after a registration, and after signing out', async () => {
      await signIn(true)
      await page.waitForURL(`${chain.last}/callback`)
      await signOut()
      await page.waitForURL(`${chain.last}/bye`)
    })

    it('ends there after a sign-in, from which the back button leads to a page that says it is over', async () => {
      await signIn(false)
      await page.waitForURL(`${chain.last}/callback`)
      await page.goBack()
      await new SignInPages(page).heading(locale.labels.unknownSession)
      await signOut()
      await page.waitForURL(`${chain.last}/bye`)
    })

    it('ends there when the callback is posted to', async () => {
      await signIn(false, { response_mode: 'form_post' })
      if (!scripted) await page.getByRole('button', { name: 'Continue' }).click()
      await page.waitForURL(`${chain.last}/callback`)
    })

    it('ends at a link into the app where a native one signs out', async () => {
      const target = 'io.app.native://bye'
      const native = await registerApplication(opened().ready.management, application.redirectUri, target)
      const query = new URLSearchParams({ client_id: native.id, post_logout_redirect_uri: target })
      // A page of its own: the browser may still be at work on opening an app that is not there.
      const leaving = await profile.newPage()
      await leaving.goto(`${issuer}/session/end?${query}`)
      await new SignInPages(leaving, scripted).confirmSignOut()
      const link = leaving.getByRole('link', { name: locale.labels.continue, exact: true })
      expect(await link.getAttribute('href')).toBe(target)
      await leaving.close()
    })

    it('ends where the operator sends those who lost their visit', async () => {
      const { management } = opened().ready
      const send = (unknownSessionRedirectUrl: string | null) =>
        management('PATCH', '/api/sign-in-exp', { unknownSessionRedirectUrl })
      onTestFinished(async () => void (await send(null)))
      await begin({ prompt: 'login' })
      await page.getByRole('textbox').fill('somebody')
      await profile.clearCookies()
      expect((await send(`${chain.first}/lost`)).status).toBe(200)
      await page.getByRole('button', { name: locale.labels.getCode }).click()
      await page.waitForURL(`${chain.last}/lost`)
    })
  })
}
