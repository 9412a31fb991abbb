import { beijingTime } from '../beijing.ts'
import { eventHeaders } from '../event-bridge/event-bridge.ts'
import type { PushRules } from '../receipts/pushes.ts'
import type { Receipt } from '../receipts/receipt.ts'
import { sha256Hex } from '../signatures.ts'
import { DELIVERED, statusOf } from './outcomes.ts'
import { EVENT_RETRIES_MS, EVENT_SOURCE } from './unverified.ts'

const ACCOUNT_ID = '1000000000000001'

/**
 * Delivery events by EventBridge: each a CloudEvent of its own, acknowledged by any 2xx. Source: Alibaba Cloud help,
 * EventBridge, Direct Mail events.
 */
export const eventPushes: PushRules = {
  batch: 1,
  retries: EVENT_RETRIES_MS,
  delivered: DELIVERED,
  body([receipt], { at, mode }) {
    const told = receipt && event(receipt, at)
    return mode === 'list' ? [told] : told
  },
  headers: ({ receipt, ...push }) => eventHeaders({ ...push, region: receipt.mail?.region ?? '' }),
  acknowledges: status => status >= 200 && status < 300,
}

function event(receipt: Receipt, at: number): object {
  const type = receipt.outcome?.delivered ? 'dm:Deliver:Succeed' : 'dm:Deliver:Fail'
  const region = receipt.mail?.region ?? ''
  return {
    data: eventData(receipt, type, region),
    id: sha256Hex(`${receipt.messageId} ${receipt.to}`).slice(0, 32),
    source: EVENT_SOURCE,
    specversion: '1.0',
    type,
    datacontenttype: 'application/json;charset=utf-8',
    subject: `acs:dm:${region}:${ACCOUNT_ID}:*`,
    time: zoned(receipt.reportedAt ?? at),
    aliyunaccountid: ACCOUNT_ID,
    aliyunpublishtime: `${beijingTime(at).replace(' ', 'T')}.${String(at % 1000).padStart(3, '0')}PRC`,
    aliyuneventbusname: 'default',
    aliyunregionid: region,
    aliyunpublishaddr: '127.0.0.1',
  }
}

function eventData({ outcome, mail, ...receipt }: Receipt, type: string, region: string): object {
  const failed = outcome && !outcome.delivered
  return {
    header: mail?.headers ?? {},
    env_id: receipt.messageId,
    msg_id: `${sha256Hex(receipt.messageId).slice(0, 16)}@${receipt.from.replace(/^.*@/, '')}`,
    account: receipt.from,
    from: receipt.from,
    rcpt: receipt.to,
    tag: mail?.tag ?? '',
    send_time: plain(receipt.sentAt),
    deliver_time: plain(receipt.reportedAt ?? receipt.sentAt),
    status: String(outcome ? statusOf(outcome) : 4),
    event: type,
    err_code: failed ? '554' : '250',
    err_msg: outcome?.message ?? '',
    failed_type: failed ? outcome.code : '',
    esp: receipt.to.replace(/^.*@/, ''),
    region,
    channel_name: 'simulated',
    outbound_ip: '127.0.0.1',
    ip_pool_id: '',
    is_dedicated_ip: false,
  }
}

const plain = (at: number) => beijingTime(at).replace(' ', 'T')
const zoned = (at: number) => `${plain(at)}+08:00`
