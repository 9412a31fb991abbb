import type { receipts as english } from '../en/receipts.ts'
import type { Translation } from '../translation.ts'

/** How a provider tells whether messages were delivered. */
export const receipts: Translation<typeof english> = {
  receiptAddress: {
    title: '送达回执',
    text: '服务商会告知消息是否送达。结果显示在发送记录中；验证码无法送达时，等待验证码的访问者也会在页面上看到提示。',
    address: '回执接收地址',
    addressText:
      '请在服务商控制台的状态报告回调或 HTTP 推送设置中填写此地址。请妥善保密：知道此地址的人可以把消息谎报为未送达。',
    none: '此地址尚未收到过回执',
    steps: [
      '在服务商控制台填写此地址，具体位置见指南的最后一步。',
      '确保服务商可以从公网访问此地址。',
      '设置最多需要 15 分钟生效，之后发送一条消息试试。',
    ],
    last: (when: string) => `最近一次收到回执：${when}。`,
    unreachable: '服务商无法访问此地址：它指向服务器所在的本机。请将 ENDPOINT 设为公网地址。',
    refused: (times: number, when: string) => `此地址有 ${times} 次请求未被采信，最近一次：${when}`,
    pulls:
      '服务商未推送回执时，会主动查询：发送 10 秒后首次查询，验证码有效期内逐渐拉长间隔，失效一小时后再查询一次。',
    noPulls: '该服务商不支持查询单条消息，没有推送就无法得知消息是否送达。',
    onlyPulls:
      '该服务商不会主动推送回执，因此会逐条查询：发送 10 秒后首次查询，验证码有效期内逐渐拉长间隔，失效一小时后再查询一次。',
    renew: '更换地址',
    renewTitle: '要更换回执接收地址吗？',
    renewText: '现有地址将立即失效。请随后在服务商控制台填写新地址，在此之前收不到推送。',
    renewConfirm: '更换',
  },
}
