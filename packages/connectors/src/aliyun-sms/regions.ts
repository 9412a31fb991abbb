/** The central host; it serves most regions, and numbers all over the world. */
const CENTRAL = 'dysmsapi.aliyuncs.com'

/** Region → host and names, as the endpoint map of the official SDK has them. */
export const REGIONS = {
  'cn-hangzhou': { host: CENTRAL, en: 'China (Hangzhou)', zh: '华东1（杭州）' },
  'cn-shenzhen': { host: CENTRAL, en: 'China (Shenzhen)', zh: '华南1（深圳）' },
  'cn-qingdao': { host: CENTRAL, en: 'China (Qingdao)', zh: '华北1（青岛）' },
  'cn-beijing': {
    host: 'dysmsapi-proxy.cn-beijing.aliyuncs.com',
    en: 'China (Beijing)',
    zh: '华北2（北京）',
  },
  'cn-zhangjiakou': { host: CENTRAL, en: 'China (Zhangjiakou)', zh: '华北3（张家口）' },
  'cn-huhehaote': { host: CENTRAL, en: 'China (Hohhot)', zh: '华北5（呼和浩特）' },
  'cn-chengdu': { host: CENTRAL, en: 'China (Chengdu)', zh: '西南1（成都）' },
  'cn-hangzhou-finance': { host: CENTRAL, en: 'China (Hangzhou) Finance', zh: '华东1 金融云' },
  'cn-shanghai-finance-1': { host: CENTRAL, en: 'China (Shanghai) Finance', zh: '华东2 金融云' },
  'cn-shenzhen-finance-1': { host: CENTRAL, en: 'China (Shenzhen) Finance', zh: '华南1 金融云' },
  'cn-beijing-finance-1': { host: CENTRAL, en: 'China (Beijing) Finance', zh: '华北2 金融云' },
  'cn-north-2-gov-1': { host: CENTRAL, en: 'China (Beijing) Government', zh: '华北2 阿里政务云1' },
  'cn-hongkong': { host: 'dysmsapi-xman.cn-hongkong.aliyuncs.com', en: 'China (Hong Kong)', zh: '中国香港' },
  'ap-southeast-1': { host: 'dysmsapi.ap-southeast-1.aliyuncs.com', en: 'Singapore', zh: '新加坡' },
  'ap-southeast-5': {
    host: 'dysmsapi.ap-southeast-5.aliyuncs.com',
    en: 'Indonesia (Jakarta)',
    zh: '印度尼西亚（雅加达）',
  },
  'eu-central-1': {
    host: 'dysmsapi.eu-central-1.aliyuncs.com',
    en: 'Germany (Frankfurt)',
    zh: '德国（法兰克福）',
  },
  'us-east-1': { host: 'dysmsapi.us-east-1.aliyuncs.com', en: 'US (Virginia)', zh: '美国（弗吉尼亚）' },
} as const

export type Region = keyof typeof REGIONS
