import type { health as english } from '../en/health.ts'
import type { Translation } from '../translation.ts'

/** How connections work: what their state means and what can be done about it. */
export const health: Translation<typeof english> = {
  health: {
    states: {
      healthy: '正常',
      held: '已人工暂停',
      failing: '暂停使用',
      balance_exhausted: '余额不足',
      credentials_rejected: '密钥被拒绝',
    },
    since: time => `自 ${time} 起。`,
    restingText: '其他连接可以发送时，消息会改走其他连接。',
    heldText: '在恢复使用之前，只有其他连接都无法发送时才会用到它。',
    next: time => `${time} 之后会用一条消息重新尝试。`,
    nextNow: '下一条消息会重新尝试该连接。',
    remedy: '处理办法',
    again: '恢复使用',
    againNamed: name => `恢复使用${name}`,
    hold: '暂不使用',
    holdNamed: name => `暂不使用${name}`,
    stateNamed: name => `${name}的运行状态`,
  },
}
