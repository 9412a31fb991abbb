import type { fraud as english } from '../en/fraud.ts'
import type { Translation } from '../translation.ts'

/** What the fraud guard found, and what it does. */
export const fraud: Translation<typeof english> = {
  fraud: {
    title: '防刷监测',
    text: (people, minutes, days) =>
      `发现大量发出却几乎无人使用的验证码。每分钟根据发送记录统计：验证码发出 ${minutes} 分钟后，有多少人已经使用，并与之前 ${days} 天对比。少于 ${people} 人时不作判断。`,
    modesText: '发现异常后，按消息的共同点决定如何处理：',
    kinds: {
      network: '客户端地址',
      prefix: '号段',
      application: '应用',
      country: '国家或地区',
    },
    modes: {
      record: '仅记录',
      captcha: '要求人机验证',
      refuse: '拒绝发送',
    },
    strangers:
      '按应用和按国家或地区时，只统计并拦截陌生访客：曾在同一浏览器中登录过，或来自曾正常使用验证码的地址的访客，照常收到验证码。',
    escalates: '通过人机验证后验证码仍无人使用时，同样暂缓发送',
    escalatesText:
      '每项异常只允许少量验证码处于未使用状态，每小时增加一条，每使用一条再增加一条；超出后不再发送。可阻止能通过人机验证的程序。',
    saved: '防刷监测已设置。',
    channels: { sms: '短信', email: '邮件' },
    network: hash => `一个客户端地址（哈希 ${hash}…）`,
    prefix: digits => `以 +${digits} 开头的号码`,
    open: '发现的异常',
    none: '目前没有发现异常。',
    what: '异常对象',
    now: { hour: '一小时内', day: '一天内' },
    used: '使用情况',
    share: (used, people) => `${people} 人中 ${used} 人使用`,
    before: '此前',
    bases: {
      own: percent => `${percent}%（自身历史）`,
      channel: percent => `${percent}%（全部消息）`,
      assumed: percent => `${percent}%（假定值）`,
    },
    since: '开始时间',
    decisions: '此后的消息',
    recorded: count => `记录 ${count} 条`,
    passed: count => `通过验证或无法展示验证而发出 ${count} 条`,
    challenged: count => `要求验证 ${count} 次`,
    refused: count => `拒绝 ${count} 条`,
    heldBack: count => `验证后仍暂缓 ${count} 条`,
    noMessages: '无',
    cost: sums => `费用 ${sums}`,
    allow: '放行',
    allowTitle: '放行这些消息？',
    allowText:
      '无论验证码是否被使用，消息都会发出；更大范围的异常也不会影响它们，例如已放行的地址不会因所在国家而被拦截。',
    allowFor: '放行时长',
    days: count => `${count} 天`,
    allowed: '已放行',
    until: '截止时间',
    by: '操作者',
    takeBack: '撤销放行',
    takeBackTitle: '重新判断这些消息？',
    takeBackText: '如果验证码仍然几乎无人使用，一分钟内会再次列为异常。',
    ended: '最近结束的异常',
    reason: '原因',
    reasons: {
      well: '验证码恢复正常使用。',
      quiet: '数小时内未再出现。',
      taken_back: '管理员要求重新判断。',
      allowance_over: '放行时间已到。',
    },
    noted: {
      record: '防刷监测此前发现这类消息很少被使用，目前仅记录。',
      captcha: '防刷监测此前发现这类消息很少被使用，在可以展示时要求人机验证。',
      refuse: '防刷监测此前发现这类消息很少被使用，因此拒绝发送。',
    },
    look: '查看发现的异常',
  },
}
