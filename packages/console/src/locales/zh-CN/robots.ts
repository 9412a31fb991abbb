import type { robots as english } from '../en/robots.ts'
import type { Translation } from '../translation.ts'

/** Webhooks that write into a group of a chat. */
export const robots: Translation<typeof english> = {
  robots: {
    form: '通知对象',
    formHint: '后端以带签名的 JSON 接收每个事件；群聊收到的是简短的消息。',
    forms: {
      json: '您的后端（JSON）',
      dingtalk: '钉钉群',
      wecom: '企业微信群',
      feishu: '飞书或 Lark 群',
      slack: 'Slack 频道',
    },
    services: { dingtalk: '钉钉', wecom: '企业微信', feishu: '飞书', slack: 'Slack' },
    address: '机器人的 Webhook 地址',
    addressHint: '知道该地址的人都能向群里发消息，因此列表中不会完整显示。',
    wrongAddress: service => `请粘贴${service}为机器人提供的完整地址。`,
    language: '消息语言',
    secret: '签名密钥',
    secretHint: '仅当机器人启用了签名时填写。密钥加密保存，之后不再显示。',
    secretKept: '已保存密钥。留空则保持不变。',
    secretProblem: '请原样复制服务显示的密钥，不含空格。',
    forgetSecret: '删除已保存的密钥：机器人已不再使用签名',
    guide: service => `如何在${service}中创建机器人`,
    guides: {
      dingtalk: [
        '在钉钉电脑端打开群聊，依次进入“群设置”“机器人”“添加机器人”“自定义”。',
        '填写名称。在“安全设置”中选择“自定义关键词”并填写 Countersign；或选择“加签”，并复制以 SEC 开头的密钥。',
        '点击完成，复制 Webhook 地址并粘贴到此处。',
      ],
      wecom: [
        '在企业微信电脑端打开群聊，点击右上角菜单，进入“消息推送”（旧版为“群机器人”），点击添加。',
        '填写名称并添加。无需签名：该地址本身就是唯一的密钥。',
        '复制 Webhook 地址并粘贴到此处。',
      ],
      feishu: [
        '打开飞书或 Lark 群聊，依次进入“设置”“群机器人”“添加机器人”“自定义机器人”。',
        '填写名称并添加。在“安全设置”中设置自定义关键词 Countersign；或启用“签名校验”，并复制密钥。',
        '复制 Webhook 地址，在飞书中保存，然后把地址粘贴到此处。',
      ],
      slack: [
        '在 api.slack.com/apps 为您的工作区新建一个应用（From scratch）。',
        '在 Incoming Webhooks 中开启该功能，点击 Add New Webhook 并选择频道。',
        '复制 Webhook URL 并粘贴到此处。',
      ],
    },
    retriesHint: '没有响应或服务繁忙时，在 1 秒、1 分钟和 10 分钟后重试。只能靠修改设置解决的问题不会重试。',
    howOften: '同一状态每小时最多通知一次，被锁定的账号标识和被拒绝的消息合并通知，每分钟最多 15 条消息。',
    testText: '按上方内容（无需先保存）向群里发送一条测试消息。',
    testPassed: service => `${service}已收下消息，请到群里查看。`,
    kinds: {
      configuration: '设置有误',
      'too-fast': '消息过多',
      ours: 'Countersign 的缺陷',
      passing: '暂时性故障',
    },
    notes: {
      together: '已合并到另一条消息中',
      outdated: '未通知：之后又有新的变化',
    },
    sent: '消息内容',
  },
}
