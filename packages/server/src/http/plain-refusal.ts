import { escapeHtml } from '@countersign/kit'
import { chooseLocale, negotiate, sentence } from '@countersign/sign-in'
import type { ApiError } from '../refusals/refusal.ts'
import { bodyOf } from './errors.ts'

/** What is known of a request that no app of ours sees. */
export interface Asking {
  /** With or without its query. */
  path: string
  /** The header `Accept`. */
  accept: string
  /** The header `Accept-Language`. */
  language: string
  /** Seconds after which a page asks again by itself. */
  again?: number
}

/** A body, and the headers that belong to it. */
export interface PlainRefusal {
  body: string
  'Content-Type': string
  'Content-Security-Policy'?: string
}

/**
 * Words for a refusal without an app: JSON for programs, for people a page that needs nothing else, since whatever it asked
 * for would be refused as well.
 *
 * @example const { body, ...headers } = plainRefusal(new ApiError('server.overloaded'), { path: '/sign-in', accept: 'text/html', language: 'zh-CN' })
 */
export function plainRefusal(refusal: ApiError, { path, accept, language, again }: Asking): PlainRefusal {
  const languages = negotiate(language)
  const [, area] = /^\/(api|oidc)[/?]/.exec(path) ?? []
  if (area === 'api' || (accept !== '' && !accept.includes('text/html'))) {
    const body = {
      ...bodyOf(refusal, languages),
      ...(area === 'oidc' && { error: OAUTH_ERROR[refusal.code] ?? 'invalid_request' }),
    }
    return { body: JSON.stringify(body), 'Content-Type': 'application/json; charset=utf-8' }
  }
  const locale = chooseLocale(languages)
  const [title, words] = [locale.labels.errorTitle, sentence(refusal.code, locale, refusal.values)].map(
    escapeHtml,
  )
  return {
    body: `<!doctype html>
<html lang="${locale.tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">${again ? `\n<meta http-equiv="refresh" content="${again}">` : ''}
<title>${title}</title>
</head>
<body>
<h1>${title}</h1>
<p>${words}</p>
</body>
</html>
`,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy':
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  }
}

/** The words of OAuth (RFC 6749, 4.1.2.1 and 5.2) that its clients look for. */
const OAUTH_ERROR: Partial<Record<ApiError['code'], string>> = {
  'server.overloaded': 'temporarily_unavailable',
}
