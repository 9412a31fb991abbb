import axe, { type ElementContext, type RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'

/**
 * What axe finds wrong on a page, a line for each element with its rule. Axe is put into a page once, however often it is
 * asked there: the browser takes longer to read it than axe takes for a page.
 *
 * @param context what of the page to look at; all of it when left out
 */
export async function violations(
  page: Page,
  options: RunOptions,
  context: ElementContext = {},
): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source)
  return page.evaluate(
    `axe.run(${JSON.stringify({ include: [['html']], ...context })}, ${JSON.stringify({ resultTypes: ['violations'], ...options })})
      .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 200))))`,
  )
}

/** What keeps somebody from using a page. Previews of e-mails run no script, so axe cannot look into them. */
export function barriers(page: Page): Promise<string[]> {
  const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']
  return violations(page, { runOnly }, { exclude: [['iframe']] })
}
