/** Region → host. Sender addresses live in one region; the other regions' hosts know nothing of them. */
export const REGIONS = {
  'cn-hangzhou': { host: 'dm.aliyuncs.com', en: 'China (Hangzhou)', zh: '华东1（杭州）' },
  'ap-southeast-1': { host: 'dm.ap-southeast-1.aliyuncs.com', en: 'Singapore', zh: '新加坡' },
  'us-east-1': { host: 'dm.us-east-1.aliyuncs.com', en: 'US (Virginia)', zh: '美国（弗吉尼亚）' },
  'eu-central-1': { host: 'dm.eu-central-1.aliyuncs.com', en: 'Germany (Frankfurt)', zh: '德国（法兰克福）' },
  // Being closed by the provider.
  'ap-southeast-2': {
    host: 'dm.ap-southeast-2.aliyuncs.com',
    en: 'Australia (Sydney)',
    zh: '澳大利亚（悉尼）',
  },
} as const

export type Region = keyof typeof REGIONS
