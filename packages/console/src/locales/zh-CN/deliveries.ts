import type { deliveries as english } from '../en/deliveries.ts'
import type { Translation } from '../translation.ts'

/** What became of messages. */
export const deliveries: Translation<typeof english> = {
  deliveries: {
    title: '发送记录',
    intro: '每一次发送尝试，最新的在前。',
    state: '状态',
    all: '全部状态',
    states: {
      sending: '发送中',
      accepted: '已接受',
      failed: '失败',
      unconfirmed: '未确认',
      not_sent: '测试身份，未发送',
    },
    when: '时间',
    recipient: '收件人',
    connector: '连接器',
    usageType: '用途类型',
    took: '耗时',
    result: '结果',
    details: '详情',
    ids: '服务商返回的 ID',
    empty: '还没有发送记录',
    emptyText: '一旦有消息发送成功或失败，即可在这里追踪。',
    noMatch: '没有处于该状态的记录。',
  },
}
