/** The simulated clouds, named like the connectors that talk to them. */
export const CLOUD_IDS = ['aliyun-sms', 'aliyun-pnvs', 'aliyun-dm', 'tencent-sms'] as const
export type CloudId = (typeof CLOUD_IDS)[number]
