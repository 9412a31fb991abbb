import { ApiError } from '../refusals/refusal.ts'

/** One page of a list. */
export interface Page {
  /** From 1. */
  page: number
  /** 1 to 100. */
  size: number
  /** Rows to skip. */
  offset: number
}

function positive(text: string | undefined, fallback: number, most = Number.MAX_SAFE_INTEGER): number {
  if (text === undefined || text === '') return fallback
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > most) throw new ApiError('guard.invalid_pagination')
  return value
}

/**
 * Whether a list that also comes whole is asked for in pages. Whole it has no pagination headers.
 *
 * @example asksForPage({ page: '2' }) // true
 */
export const asksForPage = (query: { page?: string | undefined; page_size?: string | undefined }): boolean =>
  Boolean(query.page || query.page_size)

/**
 * Reads `page` and `page_size`.
 *
 * @example readPage(new URLSearchParams('page=3')) // { page: 3, size: 20, offset: 40 }
 */
export function readPage(query: URLSearchParams): Page {
  const page = positive(query.get('page') ?? undefined, 1)
  const size = positive(query.get('page_size') ?? undefined, 20, 100)
  return { page, size, offset: (page - 1) * size }
}

/**
 * `Total-Number` and `Link` of a page. `capped`: there are more than the total, so nobody knows the last page.
 *
 * @example pageHeaders(url, { page: 1, size: 20, offset: 0 }, 45)['Total-Number'] // '45'
 */
export function pageHeaders(
  url: URL,
  { page, size }: Page,
  total: number,
  capped = false,
): Record<string, string> {
  const last = Math.max(1, Math.ceil(total / size))
  const link = (target: number, rel: string) => {
    const to = new URL(url)
    to.searchParams.set('page', String(target))
    return `<${to.href}>; rel="${rel}"`
  }
  const links = [link(1, 'first')]
  if (page > 1) links.push(link(page - 1, 'prev'))
  if (!capped) links.push(link(last, 'last'))
  if (!capped && page < last) links.push(link(page + 1, 'next'))
  return {
    'Total-Number': String(total),
    Link: links.join(', '),
    ...(capped && { 'Total-Number-Is-Capped': 'true' }),
  }
}

/**
 * The page of a list that is short enough to be held whole.
 *
 * @example cut(['a', 'b', 'c'], { page: 2, size: 2, offset: 2 }) // ['c']
 */
export const cut = <T>(whole: T[], { offset, size }: Page) => whole.slice(offset, offset + size)
