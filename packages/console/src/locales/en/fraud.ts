/** What the fraud guard found, and what it does. */
export const fraud = {
  fraud: {
    title: 'Fraud guard',
    text: (people: number, minutes: number, days: number) =>
      `Finds codes that are sent and hardly used. Each minute it counts, from the deliveries, how many people used a code that was sent at least ${minutes} minutes ago, and holds that against the ${days} days before. Fewer than ${people} people prove nothing.`,
    modesText: 'What becomes of the messages of a finding, by what they have in common:',
    kinds: {
      network: 'Client address',
      prefix: 'Number prefix',
      application: 'Application',
      country: 'Country or region',
    },
    modes: {
      record: 'Record only',
      captcha: 'Demand a check for people',
      refuse: 'Refuse',
    },
    /** What `captcha` and `refuse` mean for an application or a country. */
    strangers:
      'By application and country, only strangers are counted and held up: whoever signed in before in the same browser, or comes from an address from which codes were used, gets theirs.',
    escalates: 'Hold back those who pass the check as well, where their codes are not used either',
    escalatesText:
      'A few codes of a finding may be out unused, one more each hour and one more for each that is used; beyond that nothing is sent. It stops programs that pass the check.',
    saved: 'The fraud guard is set.',
    channels: { sms: 'Text messages', email: 'E-mails' },
    /** Of an address nothing is known but the begin of its keyed hash. */
    network: (hash: string) => `One client address (hash ${hash}…)`,
    prefix: (digits: string) => `Numbers that begin with +${digits}`,
    open: 'Findings',
    none: 'Nothing is found at the moment.',
    what: 'Found',
    now: { hour: 'within an hour', day: 'within a day' },
    used: 'Used',
    share: (used: number, people: number) => `${used} of ${people} people`,
    before: 'Before',
    bases: {
      own: (percent: number) => `${percent} % of its own`,
      channel: (percent: number) => `${percent} % of all`,
      assumed: (percent: number) => `${percent} % assumed`,
    },
    since: 'Since',
    decisions: 'Messages since',
    recorded: (count: number) => `${count} recorded`,
    passed: (count: number) => `${count} left after a check, or where none can be shown`,
    challenged: (count: number) => `${count} asked for a check`,
    refused: (count: number) => `${count} refused`,
    heldBack: (count: number) => `${count} held back after a check`,
    noMessages: 'None',
    /** With sums of money, one for each currency. */
    cost: (sums: string) => `cost ${sums}`,
    allow: 'Allow',
    allowTitle: 'Let these messages go?',
    allowText:
      'They leave whatever becomes of their codes. What is broader does not hold them up either: an allowed address is not held up for its country.',
    allowFor: 'For how long',
    days: (count: number) => (count === 1 ? 'One day' : `${count} days`),
    allowed: 'Allowed',
    until: 'Until',
    by: 'By',
    takeBack: 'Take back',
    takeBackTitle: 'Judge these messages again?',
    takeBackText: 'Within a minute they are a finding again, if their codes are still hardly used.',
    ended: 'Ended lately',
    reason: 'Why',
    reasons: {
      well: 'Codes are used again.',
      quiet: 'Nothing showed for some hours.',
      taken_back: 'An operator judged it anew.',
      allowance_over: 'The time was over for which it was allowed.',
    },
    /** On the timeline of a message. */
    noted: {
      record: 'The fraud guard had found that few of such messages are used. It only records that.',
      captcha:
        'The fraud guard had found that few of such messages are used, and demands a check for people where one can be shown.',
      refuse: 'The fraud guard had found that few of such messages are used, and refuses them.',
    },
    look: 'Look at its findings',
  },
}
