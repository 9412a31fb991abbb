/** Regions with a host of their own, and Nanjing, which is reached through the site's host only. */
export const REGIONS = {
  'ap-guangzhou': { en: 'South China (Guangzhou)', zh: '华南地区（广州）' },
  'ap-beijing': { en: 'North China (Beijing)', zh: '华北地区（北京）' },
  'ap-nanjing': { en: 'East China (Nanjing)', zh: '华东地区（南京）' },
  'ap-shanghai': { en: 'East China (Shanghai)', zh: '华东地区（上海）' },
  'ap-chengdu': { en: 'Southwest China (Chengdu)', zh: '西南地区（成都）' },
  'ap-chongqing': { en: 'Southwest China (Chongqing)', zh: '西南地区（重庆）' },
  'ap-hongkong': { en: 'Hong Kong, Macao and Taiwan (Hong Kong)', zh: '港澳台地区（中国香港）' },
  'ap-singapore': { en: 'Southeast Asia (Singapore)', zh: '亚太东南（新加坡）' },
  'ap-bangkok': { en: 'Southeast Asia (Bangkok)', zh: '亚太东南（曼谷）' },
  'ap-mumbai': { en: 'South Asia (Mumbai)', zh: '亚太南部（孟买）' },
  'ap-seoul': { en: 'Northeast Asia (Seoul)', zh: '亚太东北（首尔）' },
  'ap-tokyo': { en: 'Northeast Asia (Tokyo)', zh: '亚太东北（东京）' },
  'na-ashburn': { en: 'Eastern US (Virginia)', zh: '美国东部（弗吉尼亚）' },
  'na-siliconvalley': { en: 'Western US (Silicon Valley)', zh: '美国西部（硅谷）' },
  'eu-frankfurt': { en: 'Europe (Frankfurt)', zh: '欧洲地区（法兰克福）' },
} as const

/** The accounts of the two sites are separate; neither site knows the other's keys. */
const SITES = {
  mainland: 'sms.tencentcloudapi.com',
  international: 'sms.intl.tencentcloudapi.com',
} as const

/** The host for these settings: the region's own one when wanted and there is one, else the site's. */
export function hostOf(settings: {
  site: keyof typeof SITES
  region: keyof typeof REGIONS
  regionalEndpoint: boolean
}): string {
  const { site, region, regionalEndpoint } = settings
  return regionalEndpoint && site === 'mainland' && region !== 'ap-nanjing'
    ? `sms.${region}.tencentcloudapi.com`
    : SITES[site]
}
