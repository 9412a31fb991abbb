/** How many messages may be sent, and what was refused. */
export const protection = {
  protection: {
    title: 'Protection',
    intro:
      'What keeps strangers from spending your money on messages, and from guessing passwords and codes.',
    channels: { sms: 'Limits of text messages', email: 'Limits of e-mails' },
    channelText: {
      sms: 'Messages whose codes were used do not count by recipient, client address and number prefix.',
      email: 'Messages whose codes were used do not count by recipient and client address.',
    },
    by: 'Counted by',
    scopes: {
      recipient: 'Recipient',
      address: 'Client address',
      prefix: 'Number prefix',
      country: 'Country or region',
      application: 'Application',
      all: 'All together',
    },
    windows: {
      pause: 'Pause (seconds)',
      minute: 'In a minute',
      hour: 'In an hour',
      day: 'In a day',
    },
    /** A field, by its row and column. */
    field: (scope: string, window: string) => `${scope}, ${window.toLowerCase()}`,
    none: 'No limit',
    noPause: 'None',
    isDefault:
      'Nobody has set any limits: these hold for connections of our own connectors, and none for those of connector packages.',
    isSet: 'These limits were set by an operator, and hold for all connections.',
    always:
      'An empty field is no limit. Whatever stands here, ten messages go to one recipient in ten minutes at most.',
    saved: 'The limits are saved.',
    back: 'Go back to the defaults',
    backTitle: 'Go back to the default limits?',
    backText:
      'The limits that were set for text messages and e-mails are forgotten. What has been counted stays counted.',
    wentBack: 'The default limits hold again.',
    wouldRefuse: (refused: number, used: number) =>
      used === 0
        ? `Would have refused ${refused}`
        : `Would have refused ${refused}, ${used} of them with codes that were used`,
    wouldHave: (refused: number, messages: number, used: number) =>
      used === 0
        ? `These limits would have refused ${refused === 0 ? 'none' : refused} of the ${messages} messages of the last seven days.`
        : `These limits would have refused ${refused} of the ${messages} messages of the last seven days, ${used} of them with codes that were used.`,
    nothingLeft: 'No message left in the last seven days, so nothing can be said of these limits.',
    onlyNewest: (messages: number) => `Only the newest ${messages} were looked at.`,
    lately: 'Refused in the last seven days',
    latelyText: 'Messages that did not leave, by reason.',
    reason: 'Reason',
    messages: 'Messages',
    nothing: 'No message was refused.',
    cut: (most: number) => `Only the newest ${most} lines of the list were counted; there are more.`,
    look: 'Look at them under Deliveries',
    blocks: {
      title: 'Blocked identifiers',
      text: 'Numbers, addresses and usernames at which too many passwords or codes were wrong, as this server counted them. How many are too many, and for how long, is set by API (sentinelPolicy of PATCH /api/sign-in-exp). A block ends by itself.',
      none: 'Nothing is blocked.',
      identifier: 'Identifier',
      by: 'Who is blocked',
      bys: {
        client: 'One client, which failed too often itself',
        passwords: 'Passwords of all browsers that never signed in with it; codes go on',
      },
      since: 'Since',
      until: 'Until',
      actions: 'Actions',
      release: 'Release',
      releaseNamed: (identifier: string) => `Release ${identifier}`,
      releaseTitle: (identifier: string) => `Release ${identifier}?`,
      releaseText:
        'All blocks of it end, and what failed there is forgotten, so whoever guessed there may guess again. How many messages it may get does not change.',
      released: 'It is blocked no more.',
      cut: (most: number) => `Only the ${most} newest blocks are listed.`,
    },
    unknown: 'Visitors’ addresses are not known',
    unknownText:
      'None of the newest messages that visitors asked for came from a public address, so the limits by client address stop nobody. If a proxy stands before the server, name it with the setting ',
    unknownEnd: ', as docs/settings.md tells.',
  },
}
