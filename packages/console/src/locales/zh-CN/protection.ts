import type { protection as english } from '../en/protection.ts'
import type { Translation } from '../translation.ts'

/** How many messages may be sent, and what was refused. */
export const protection: Translation<typeof english> = {
  protection: {
    title: '防护',
    intro: '防止有人恶意刷验证码、消耗您的费用，或反复猜测密码和验证码。',
    channels: { sms: '短信发送限制', email: '邮件发送限制' },
    channelText: {
      sms: '验证码已被使用的消息，不计入收件人、客户端地址和号段的次数。',
      email: '验证码已被使用的消息，不计入收件人和客户端地址的次数。',
    },
    by: '计数对象',
    scopes: {
      recipient: '收件人',
      address: '客户端地址',
      prefix: '号段',
      country: '国家或地区',
      application: '应用',
      all: '全部消息',
    },
    windows: {
      pause: '间隔（秒）',
      minute: '每分钟',
      hour: '每小时',
      day: '每天',
    },
    field: (scope, window) => `${scope}：${window}`,
    none: '不限',
    noPause: '无',
    isDefault: '尚未设置限制：以下默认值适用于内置连接器的连接；连接器包的连接没有限制。',
    isSet: '以下限制由管理员设置，适用于所有连接。',
    always: '留空表示不限。无论如何设置，十分钟内最多向同一收件人发送十条消息。',
    saved: '限制已保存。',
    back: '恢复默认值',
    backTitle: '恢复默认限制？',
    backText: '已设置的短信和邮件限制都将被清除，已计入的次数保持不变。',
    wentBack: '已恢复默认限制。',
    wouldRefuse: (refused, used) =>
      used === 0 ? `将拒绝 ${refused} 条` : `将拒绝 ${refused} 条，其中 ${used} 条的验证码已被使用`,
    wouldHave: (refused, messages, used) =>
      refused === 0
        ? `若采用这些限制，最近七天的 ${messages} 条消息都不会被拒绝。`
        : `若采用这些限制，最近七天的 ${messages} 条消息中将有 ${refused} 条被拒绝${used === 0 ? '' : `，其中 ${used} 条的验证码已被使用`}。`,
    nothingLeft: '最近七天没有发出消息，无法评估这些限制。',
    onlyNewest: messages => `仅统计了最新的 ${messages} 条。`,
    lately: '最近七天的拒绝情况',
    latelyText: '未发出的消息，按原因统计。',
    reason: '原因',
    messages: '消息数',
    nothing: '没有消息被拒绝。',
    cut: most => `仅统计了列表中最新的 ${most} 行，实际更多。`,
    look: '在发送记录中查看',
    blocks: {
      title: '被锁定的账号标识',
      text: '密码或验证码错误次数过多的手机号、邮箱和用户名；次数由本服务器统计。次数上限和锁定时长通过 API 设置（PATCH /api/sign-in-exp 的 sentinelPolicy）。锁定到期后自动解除。',
      none: '没有被锁定的标识。',
      identifier: '标识',
      by: '锁定范围',
      bys: {
        client: '某个客户端，因其自身错误次数过多',
        passwords: '所有未登录过该账号的浏览器：不能使用密码，验证码仍可用',
      },
      since: '开始时间',
      until: '截止时间',
      actions: '操作',
      release: '解除',
      releaseNamed: identifier => `解除对 ${identifier} 的锁定`,
      releaseTitle: identifier => `解除对 ${identifier} 的锁定？`,
      releaseText:
        '该标识的所有锁定都会解除，错误记录也会清除，因此之前猜测的人可以继续尝试。可接收消息的数量不变。',
      released: '已解除锁定。',
      cut: most => `仅列出最新的 ${most} 条锁定。`,
    },
    unknown: '无法得知访问者的地址',
    unknownText:
      '访问者最近请求的消息均非来自公网地址，因此按客户端地址的限制不会生效。如果服务器前有代理，请通过以下设置指明代理：',
    unknownEnd: '，详见 docs/settings.md。',
  },
}
