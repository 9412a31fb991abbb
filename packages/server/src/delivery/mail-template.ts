import { escapeHtml, type UsageType } from '@countersign/kit'

/** What one e-mail says, written apart from the connection. */
export interface MailTemplate {
  subject: string
  content: string
  contentType?: 'text/html' | 'text/plain' | undefined
}

const inHtml = (text: string) => escapeHtml(text).replaceAll('\n', '<br>\n')

/**
 * The configuration of a connector for one message, with this template in the place of its own. A connector
 * without templates of its own is told elsewhere what to write, so its configuration stays as it is.
 *
 * @example withTemplate(config, 'SignIn', { subject: 'Your code', content: '{{code}}' })
 */
export function withTemplate(
  config: Record<string, unknown>,
  usageType: UsageType,
  { subject, content, contentType }: MailTemplate,
): Record<string, unknown> {
  const { templates } = config
  if (!Array.isArray(templates)) return config
  // Where rows say of which kind they are, plain text may stay what it is; elsewhere all is HTML.
  if (templates.some(row => typeof row === 'object' && row !== null && 'contentType' in row))
    return {
      ...config,
      templates: [{ usageType, subject, content, contentType: contentType ?? 'text/html' }],
    }
  const row =
    contentType === 'text/plain'
      ? { usageType, subject, content: inHtml(content), text: content }
      : { usageType, subject, content }
  return { ...config, templates: [row] }
}
