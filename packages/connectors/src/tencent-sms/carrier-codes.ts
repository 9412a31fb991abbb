import {
  BLOCKED,
  type CarrierLine,
  carrierTable,
  NOTHING,
  NUMBER_FORM,
  OTHER_NUMBER,
  PHONE,
  ROUTE,
  TOO_MANY,
  UNBLOCK,
  WATCH,
  WORDS,
} from '../carrier-table.ts'
import { both } from '../failure-table.ts'
import { DOCUMENTED_IN, TENCENT_PLACES } from '../places.ts'

const NO_NUMBER: CarrierLine = [
  'number_not_in_service',
  'There is no such number.',
  '号码为空号。',
  OTHER_NUMBER,
]
const LISTED: CarrierLine = [
  'blocked_by_carrier',
  'The number is on a block list of the carrier or of the cloud.',
  '号码在运营商或平台的黑名单中。',
  BLOCKED,
]
const OFF: CarrierLine = [
  'phone_off',
  'The phone is switched off or out of reach.',
  '手机关机或不在服务区。',
  PHONE,
]
const TOO_MANY_A_DAY: CarrierLine = [
  undefined,
  'The number got as many messages as the carrier allows in a day.',
  '该号码当日接收短信数量超出运营商限制。',
  TOO_MANY,
]
const FULL: CarrierLine = [
  'inbox_full',
  'The phone has no room for messages.',
  '手机短信存储空间已满。',
  both(
    'Nothing is wrong with your settings: the visitor deletes some messages on the phone and asks for another code.',
    '与您的配置无关：请用户清理手机短信后重新获取验证码。',
  ),
]

/** What carriers report by Tencent Cloud. The list is open: carriers add codes as they like. */
// biome-ignore format: one line per code
export const carrierCodes = carrierTable({ source: 'Tencent Cloud SMS documents, status receipt error codes; document 382/3771', places: TENCENT_PLACES, document: DOCUMENTED_IN.tencentReceipts }, {
  DELIVRD: [undefined, 'The message was delivered.', '短信已送达。', NOTHING],
  UNDELIV: ['phone_off', 'The carrier could not deliver: the phone is off, or the number is suspended.', '运营商未能送达：手机关机或号码停机。', PHONE],
  UNDELIVRD: ['phone_off', 'The carrier could not deliver: the phone is off, or the number is suspended.', '运营商未能送达：手机关机或号码停机。', PHONE],
  EXPIRED: ['phone_off', 'The carrier could not deliver in time; mostly the phone was off or out of reach.', '运营商未能在有效期内送达，多为手机关机或不在服务区。', PHONE],
  REJECTD: [undefined, 'The carrier refused the message: its words, a signature that is not filed, or a recipient who has opted out.', '运营商拒绝发送：内容被拦截、签名未报备或用户已退订。', WORDS],
  DELETED: ['phone_off', 'The phone did not take the message.', '手机终端异常，未能接收短信。', PHONE],
  SUBFAIL: [undefined, 'The carrier did not take the message, e.g. because of the number’s form.', '提交运营商失败，例如号码格式有误。', NUMBER_FORM],
  UNKNOWN: [undefined, 'Nobody knows what became of the message.', '短信状态未知。', WATCH],
  COMFAIL: [undefined, 'The connection to the carrier failed.', '与运营商的连接失败。', WATCH],
  WTNFAIL: [undefined, 'The carrier’s network failed.', '运营商网络故障。', WATCH],
  NOROUTE: [undefined, 'There is no route to the number.', '没有可到达该号码的通道。', ROUTE],
  ERR_NUM: ['number_not_in_service', 'The number is wrong.', '号码错误。', OTHER_NUMBER],
  'MK:0000': NO_NUMBER,
  'MK:0001': NO_NUMBER,
  'MK:0012': NO_NUMBER,
  MK00001: NO_NUMBER,
  'MN:0001': OFF,
  'MI:0013': OFF,
  'MK:0005': OFF,
  'MK:0017': FULL,
  'MX:0003': TOO_MANY_A_DAY,
  'TE:0003': TOO_MANY_A_DAY,
  'MX:0012': ['blocked_by_recipient', 'The recipient has opted out.', '用户已退订。', UNBLOCK],
  'TD:0001': LISTED,
  'TD:19': LISTED,
  BWLIST: LISTED,
  'MB:1077': LISTED,
  'DB:0141': LISTED,
  'DB:0144': LISTED,
  'DB:0164': LISTED,
})
