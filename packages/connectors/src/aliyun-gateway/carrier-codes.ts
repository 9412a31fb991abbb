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
import { DOCUMENTED_IN, type Place } from '../places.ts'

/** Codes of SmsReport, of which some pages spell one wrongly: both spellings stand here. */
// biome-ignore format: one line per code
const LINES: Readonly<Record<string, CarrierLine>> = {
  DELIVERED: [undefined, 'The message was delivered.', '短信已送达。', NOTHING],
  REQUEST_SUCCESS: [undefined, 'The cloud took the message; the carrier has not reported yet.', '云端已受理，运营商尚未返回回执。', NOTHING],
  MOBILE_NOT_ON_SERVICE: ['number_not_in_service', 'The number is not in service: suspended, unassigned or switched off for long.', '号码停机、空号或长期关机。', OTHER_NUMBER],
  INVALID_NUMBER: ['number_not_in_service', 'There is no such number.', '号码无效或为空号。', OTHER_NUMBER],
  MOBILE_ACCOUNT_ABNORMAL: ['number_not_in_service', 'The subscriber’s account at the carrier is suspended or in arrears.', '用户在运营商处的账户状态异常，如欠费或停机。', OTHER_NUMBER],
  MOBLLE_TERMINAL_ERROR: ['phone_off', 'The phone did not take the message: it is off, out of reach, or its memory is full.', '手机终端异常：关机、无信号或存储已满。', PHONE],
  MOBILE_TERMINAL_ERROR: ['phone_off', 'The phone did not take the message: it is off, out of reach, or its memory is full.', '手机终端异常：关机、无信号或存储已满。', PHONE],
  MOBILE_SEND_LIMIT: [undefined, 'The number got too many messages; the carrier holds them back.', '该号码接收短信过于频繁，被运营商限制。', TOO_MANY],
  'VALVE:M_MC': [undefined, 'The number got too many messages within a minute.', '同一号码触发分钟级流控。', TOO_MANY],
  'VALVE:H_MC': [undefined, 'The number got too many messages within an hour.', '同一号码触发小时级流控。', TOO_MANY],
  'VALVE:D_MC': [undefined, 'The number got too many messages within a day.', '同一号码触发天级流控。', TOO_MANY],
  MOBILE_IN_BLACK: ['blocked_by_carrier', 'The number is on a block list of the carrier or of the cloud.', '号码在运营商或平台的黑名单中。', BLOCKED],
  USER_REJECT: ['blocked_by_recipient', 'The recipient refuses such messages.', '用户拒收此类短信。', UNBLOCK],
  CONTENT_KEYWORD: [undefined, 'The carrier found a forbidden word in the message.', '短信内容含有被运营商拦截的关键词。', WORDS],
  CONTENT_ERROR: [undefined, 'The carrier refused the content of the message.', '短信内容被运营商拒绝。', WORDS],
  FILTER: [undefined, 'The message was filtered out.', '短信被过滤拦截。', WORDS],
  EXPIRED: ['phone_off', 'The carrier could not deliver in time; mostly the phone was off or out of reach.', '运营商未能在有效期内送达，多为手机关机或不在服务区。', PHONE],
  NO_ROUTE: [undefined, 'There is no route to the number.', '没有可到达该号码的通道。', ROUTE],
  SP_NOT_BY_INTER_SMS: [undefined, 'The number cannot get messages from abroad, or messages abroad are not opened.', '该号码或账号未开通国际短信。', ROUTE],
  IS_CLOSE: [undefined, 'The route was closed for the moment.', '通道暂时关闭。', ROUTE],
  PARAMS_ILLEGAL: [undefined, 'The carrier was given something of the wrong form.', '提交给运营商的参数有误。', NUMBER_FORM],
  SP_UNKNOWN_ERROR: [undefined, 'The carrier gave no reason.', '运营商返回未知错误。', WATCH],
  SP_UNKNOW_ERROR: [undefined, 'The carrier gave no reason.', '运营商返回未知错误。', WATCH],
  UNKNOWN: [undefined, 'Nobody knows what became of the message.', '短信状态未知。', WATCH],
}

/** What carriers report by Aliyun, with the pages that the console of a product has. */
export const smsCarrierCodes = (places: readonly Place[]) =>
  carrierTable(
    {
      source: 'Alibaba Cloud help, SMS receipt error codes; document 101347',
      places,
      document: DOCUMENTED_IN.aliyunSmsReceipts,
    },
    LINES,
  )
