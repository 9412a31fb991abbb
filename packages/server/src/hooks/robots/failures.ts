import type { RobotFailure } from '@countersign/api'

/** The ways in which a message does not come into a group. */
export type FailureName =
  | 'keyword'
  | 'signature'
  | 'address'
  | 'guard'
  | 'token'
  | 'gone'
  | 'prohibited'
  | 'too-fast'
  | 'busy'
  | 'unreadable'
  | 'redirect'
  | 'ours'
  | 'unknown'
  | 'no-address'
  | 'no-answer'

const CHECK_ROBOT = {
  en: "Look at the robot in the group's settings: it must still be there and switched on. Where it was removed, add a new one and paste its address here.",
  'zh-CN': '请在群设置中检查机器人是否仍在并已启用；若已被移除，请新建一个，并把新的地址粘贴到这里。',
}

const FAILURES: Readonly<Record<FailureName, RobotFailure>> = {
  keyword: {
    kind: 'configuration',
    meaning: {
      en: 'The robot takes only messages with a keyword, and this one had none of its keywords.',
      'zh-CN': '机器人设置了自定义关键词，而消息中不含任何一个关键词。',
    },
    remedy: {
      en: 'Add Countersign to the robot’s keywords: every message begins with it.',
      'zh-CN': '请在机器人的关键词中加入 Countersign：每条消息都以它开头。',
    },
  },
  signature: {
    kind: 'configuration',
    meaning: {
      en: "The signature is not the one that the robot expects, or this server's clock is more than an hour wrong.",
      'zh-CN': '签名与机器人要求的不符，或本服务器的时钟误差超过一小时。',
    },
    remedy: {
      en: 'Copy the secret from the robot’s security settings once more and save it here; check the server’s clock.',
      'zh-CN': '请从机器人的安全设置中重新复制密钥并在此保存，同时检查服务器时钟。',
    },
  },
  address: {
    kind: 'configuration',
    meaning: {
      en: "The robot takes messages only from listed IP addresses, and this server's is none of them.",
      'zh-CN': '机器人限制了 IP 地址，本服务器的地址不在其中。',
    },
    remedy: {
      en: "Add the address by which this server reaches the Internet to the robot's list, or guard the robot by the keyword Countersign instead.",
      'zh-CN': '请把本服务器的出口 IP 加入机器人的白名单，或改用关键词 Countersign。',
    },
  },
  guard: {
    kind: 'configuration',
    meaning: {
      en: "One of the robot's security settings refused the message.",
      'zh-CN': '机器人的安全设置拒绝了该消息。',
    },
    remedy: {
      en: 'Compare the robot’s security settings with the ones here: keyword Countersign, secret, list of IP addresses.',
      'zh-CN': '请核对机器人的安全设置：关键词 Countersign、加签密钥、IP 白名单。',
    },
  },
  token: {
    kind: 'configuration',
    meaning: { en: 'There is no robot with this address.', 'zh-CN': '该地址没有对应的机器人。' },
    remedy: CHECK_ROBOT,
  },
  gone: {
    kind: 'configuration',
    meaning: {
      en: 'The robot was stopped or removed, or its group does not exist any more.',
      'zh-CN': '机器人已停用或被移除，或所在的群已不存在。',
    },
    remedy: CHECK_ROBOT,
  },
  prohibited: {
    kind: 'configuration',
    meaning: {
      en: 'The administrators of the workspace do not let this robot write.',
      'zh-CN': '工作区管理员不允许该机器人发送消息。',
    },
    remedy: {
      en: 'Ask an administrator of the workspace to permit the app in this channel.',
      'zh-CN': '请联系工作区管理员，允许该应用在此频道发送消息。',
    },
  },
  'too-fast': {
    kind: 'too-fast',
    meaning: {
      en: 'The robot was sent more messages in a minute than its service takes.',
      'zh-CN': '机器人在一分钟内收到的消息超过了服务的限制。',
    },
    remedy: {
      en: 'It is tried again after a minute. Let nothing else write over this robot, or choose fewer events.',
      'zh-CN': '一分钟后会自动重试。请避免其他程序共用该机器人，或减少所选事件。',
    },
  },
  busy: {
    kind: 'passing',
    meaning: { en: 'The service was busy or out of order.', 'zh-CN': '服务繁忙或出现故障。' },
    remedy: { en: 'It is tried again by itself.', 'zh-CN': '会自动重试。' },
  },
  unreadable: {
    kind: 'passing',
    meaning: {
      en: 'The answer was none of the service: a proxy or firewall may stand between.',
      'zh-CN': '响应不是该服务返回的内容，中间可能有代理或防火墙。',
    },
    remedy: {
      en: 'It is tried again by itself. If it stays, ask whoever looks after the network to let this server reach the service.',
      'zh-CN': '会自动重试。若持续出现，请让网络管理员放行本服务器到该服务的访问。',
    },
  },
  redirect: {
    kind: 'configuration',
    meaning: {
      en: 'The service sent the request elsewhere, and redirects are not followed.',
      'zh-CN': '服务返回了重定向，而重定向不会被跟随。',
    },
    remedy: CHECK_ROBOT,
  },
  ours: {
    kind: 'ours',
    meaning: {
      en: 'The service says that the message is malformed. That is a mistake of Countersign.',
      'zh-CN': '服务认为消息格式有误，这是 Countersign 的缺陷。',
    },
    remedy: {
      en: 'Please report it with what was sent and what was answered, as shown here.',
      'zh-CN': '请附上此处显示的发送内容和响应，向我们反馈。',
    },
  },
  unknown: {
    kind: 'configuration',
    meaning: {
      en: 'The service refused the message for a reason that is not known here.',
      'zh-CN': '服务以未知原因拒绝了该消息。',
    },
    remedy: {
      en: "Look the code of the answer up in the service's documents, and check the robot's settings.",
      'zh-CN': '请在该服务的文档中查询响应里的错误码，并检查机器人设置。',
    },
  },
  'no-address': {
    kind: 'configuration',
    meaning: {
      en: 'The address is none of a robot of the chosen service.',
      'zh-CN': '该地址不是所选服务的机器人地址。',
    },
    remedy: {
      en: 'Copy the whole address once more from the robot’s settings.',
      'zh-CN': '请从机器人设置中重新复制完整地址。',
    },
  },
  'no-answer': {
    kind: 'passing',
    meaning: { en: 'The service did not answer.', 'zh-CN': '服务没有响应。' },
    remedy: {
      en: 'It is tried again by itself. If it stays, let this server reach the host of the address.',
      'zh-CN': '会自动重试。若持续出现，请放行本服务器到该地址所在主机的访问。',
    },
  },
}

/**
 * What a failure means and what helps, in the operators' languages.
 *
 * @example failureOf('keyword').remedy.en
 */
export const failureOf = (name: FailureName): RobotFailure => FAILURES[name]
