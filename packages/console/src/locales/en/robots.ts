/** Webhooks that write into a group of a chat. */
export const robots = {
  robots: {
    form: 'Who is told',
    formHint: 'Your back end gets each event as signed JSON; a group reads short messages.',
    forms: {
      json: 'Your back end, as JSON',
      dingtalk: 'A DingTalk group',
      wecom: 'A WeCom group',
      feishu: 'A Feishu or Lark group',
      slack: 'A Slack channel',
    },
    services: { dingtalk: 'DingTalk', wecom: 'WeCom', feishu: 'Feishu', slack: 'Slack' },
    address: 'Webhook address of the robot',
    addressHint: 'Whoever knows it can write into the group, so lists do not show it in full.',
    wrongAddress: (service: string) => `Paste the whole address that ${service} shows for the robot.`,
    language: 'Language of the messages',
    secret: 'Secret of the signature',
    secretHint: 'Only if the robot was given one. It is stored encrypted and never shown again.',
    secretKept: 'A secret is stored. Leave this empty to keep it.',
    secretProblem: 'Copy the secret as the service shows it, without spaces.',
    forgetSecret: 'Remove the stored secret: the robot has no signature any more',
    guide: (service: string) => `How to make the robot in ${service}`,
    guides: {
      dingtalk: [
        'On a computer, open the group in DingTalk, then Group Settings, Bot, Add Robot, Custom.',
        'Give it a name. Under Security Settings choose Custom Keywords and enter Countersign. Or choose Additional Signature, and copy the secret that begins with SEC.',
        'Finish, copy the webhook address, and paste it here.',
      ],
      wecom: [
        'On a computer, open the group in WeCom, then its menu, Message Push (Group Bot in older versions), Add.',
        'Give it a name and add it. There is nothing to sign: the address is the only secret.',
        'Copy the webhook address, and paste it here.',
      ],
      feishu: [
        'Open the group in Feishu or Lark, then Settings, Bots, Add Bot, Custom Bot.',
        'Give it a name and add it. Under Security Settings set the keyword Countersign. Or set signature verification, and copy the secret.',
        'Copy the webhook address, save there, and paste the address here.',
      ],
      slack: [
        'At api.slack.com/apps create an app for your workspace, from scratch.',
        'Under Incoming Webhooks switch them on, then Add New Webhook, and choose the channel.',
        'Copy the webhook URL, and paste it here.',
      ],
    },
    retriesHint:
      'After a second, a minute and ten minutes, when no answer came or the service was busy. What only settings help is not tried again.',
    howOften:
      'The same state is told once an hour at most, blocked identifiers and refused messages together, and never more than 15 messages a minute.',
    testText: 'Sends a test message into the group with what stands above, saved or not.',
    testPassed: (service: string) => `${service} took the message. Look into the group.`,
    kinds: {
      configuration: 'The settings do not fit',
      'too-fast': 'Too many messages',
      ours: 'A fault of Countersign',
      passing: 'Passing',
    },
    notes: {
      together: 'In one message with others',
      outdated: 'Not told: something newer followed',
    },
    sent: 'Message',
  },
}
