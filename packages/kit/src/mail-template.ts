import { escapeHtml } from './html.ts'
import type { UsageType } from './template.ts'

/** What one e-mail says, written apart from the connection. */
export interface MailTemplate {
  subject: string
  content: string
  contentType?: 'text/html' | 'text/plain' | undefined
  /** The name that the mail shows as its sender; placeholders are filled in. */
  sendFrom?: string | undefined
}

const inHtml = (text: string) => escapeHtml(text).replaceAll('\n', '<br>\n')

/**
 * The configuration of a connector for one message, with this template in the place of its own. A connector
 * without templates of its own is told elsewhere what to write, so its configuration stays as it is.
 *
 * @example withTemplate(config, 'SignIn', { subject: 'Your code', content: '{{code}}' })
 */
export function withTemplate<C extends Readonly<Record<string, unknown>>>(
  config: C,
  usageType: UsageType,
  { subject, content, contentType, sendFrom }: MailTemplate,
): C {
  if (!Array.isArray(config.templates)) return config
  const row = {
    usageType,
    subject,
    // A row holds HTML; plain text stays what it is in the part beside it.
    ...(contentType === 'text/plain' ? { content: inHtml(content), text: content } : { content }),
    ...(sendFrom && { sendFrom }),
  }
  return { ...config, templates: [row] }
}
