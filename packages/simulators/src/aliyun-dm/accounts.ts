/** A sender address of the simulated account; they are isolated per region. */
export interface Sender {
  address: string
  region: string
  state: 'verified' | 'unverified' | 'frozen'
  /** Addresses made for batch mails cannot send single ones. */
  type: 'trigger' | 'batch'
}

const sender = (address: string, region: string): Sender => ({
  address,
  region,
  state: 'verified',
  type: 'trigger',
})

/** The sender addresses of the simulated account. */
export const SENDERS: Sender[] = [
  sender('noreply@mail.example.com', 'cn-hangzhou'),
  sender('noreply@sg.mail.example.com', 'ap-southeast-1'),
  sender('noreply@us.mail.example.com', 'us-east-1'),
  sender('noreply@de.mail.example.com', 'eu-central-1'),
  { ...sender('unverified@mail.example.com', 'cn-hangzhou'), state: 'unverified' },
  { ...sender('frozen@mail.example.com', 'cn-hangzhou'), state: 'frozen' },
  { ...sender('news@mail.example.com', 'cn-hangzhou'), type: 'batch' },
]

/** When the account's addresses and domains were made, in the cloud's own spelling, and in seconds since 1970. */
export const CREATED_AT = '2026-01-05T10:02Z'
export const CREATED_AT_SECONDS = 1767578520

/** What the account may send in a day and in a month, and its reputation. */
export const QUOTA = { day: 2000, month: 60000, level: 2, highestLevel: 10 } as const

/** Tags the account has; a TagName must be one of them. */
export const TAGS = ['verification']

/** The region of the central host, which is also assumed for names that say none (localhost). */
export const CENTRAL_REGION = 'cn-hangzhou'

/** The region a host serves: the label after the first one, else the central region. */
export function regionOf(hostname: string): string {
  const match = /^dm(?:-vpc)?\.([a-z]+-[a-z0-9-]+)\.(?:aliyuncs\.com|localhost)$/.exec(hostname)
  return match?.[1] ?? CENTRAL_REGION
}
