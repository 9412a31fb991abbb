import { type CheckItem, countSegments, type Destination } from '@countersign/kit'
import { both } from '../failure-table.ts'

/** A code as most installations send it. */
const CODE = '000000'

/**
 * Adds to an approved template how many times its messages are charged, where that is more than once.
 *
 * @example withSegments(item, { text: '您的验证码为${code}', signature: '示例科技', destination: 'china' })
 */
export function withSegments(
  item: CheckItem,
  { text, signature, destination }: { text: string; signature: string | undefined; destination: Destination },
): CheckItem {
  if (item.state !== 'approved' || item.reason) return item
  const filled = text.replaceAll(/\$?\{\w+\}/g, CODE)
  const whole = signature === undefined ? filled : `【${signature}】${filled}`
  const segments = countSegments(whole, destination === 'china' ? 'mainland' : 'international')
  if (segments === 1) return item
  return {
    ...item,
    reason: both(
      `Approved. With the signature a message has about ${whole.length} characters and is charged as ${segments} segments.`,
      `已审核通过。连同签名，每条短信约 ${whole.length} 个字符，按 ${segments} 条计费。`,
    ),
    remedy: both(
      'Messages arrive as they are. To pay for one segment alone, use a shorter template.',
      '短信可以正常送达。如需只按 1 条计费，请改用更短的模板。',
    ),
  }
}
