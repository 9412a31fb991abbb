import type { Page } from 'playwright-core'

/** What an application's tokens are worth, asked at the endpoints themselves. */
export function askIssuer(issuer: string) {
  return {
    /** What a page sends to the token endpoint while something is done. */
    async tokenRequests(page: Page, work: () => Promise<unknown>): Promise<URLSearchParams[]> {
      const sent: URLSearchParams[] = []
      const note = (request: { url(): string; postData(): string | null }) => {
        if (request.url() === `${issuer}/token`) sent.push(new URLSearchParams(request.postData() ?? ''))
      }
      page.on('request', note)
      await work()
      page.off('request', note)
      return sent
    },
    /** The userinfo endpoint's answer to a token. */
    async userinfo(token: string) {
      const answer = await fetch(`${issuer}/me`, { headers: { authorization: `Bearer ${token}` } })
      return { status: answer.status, body: await answer.json() }
    },
    /** The token endpoint's answer to a refresh token. */
    async refresh(clientId: string, token: string) {
      const body = new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: clientId,
        refresh_token: token,
      })
      const answer = await fetch(`${issuer}/token`, { method: 'POST', body })
      return { status: answer.status, body: await answer.json() }
    },
  }
}
