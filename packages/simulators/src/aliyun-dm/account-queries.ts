import { accountOf } from '../aliyun-gateway/access-keys.ts'
import type { Call, Fields } from '../aliyun-gateway/gateway.ts'
import { DAY_MS } from '../beijing.ts'
import type { World } from '../cloud.ts'
import { CREATED_AT, CREATED_AT_SECONDS, QUOTA, regionOf, SENDERS, TAGS } from './accounts.ts'
import { mailRefusal } from './refusals.ts'
import { invalidParameterCode } from './unverified.ts'

// Names, types and meanings in this file: types of the official SDK, version 1.9.0, and the help pages of the actions.

const USER_NORMAL = 0
const USER_OVERDUE = 2

const sendersOf = (call: Call) => SENDERS.filter(({ region }) => region === regionOf(call.request.hostname))

const domainOf = (address: string) => address.slice(address.indexOf('@') + 1)

/** DescAccountSummary: quota and state of the account. All counts are of the region asked. */
export function descAccountSummary(call: Call, world: World): Fields {
  const account = accountOf(call.key)
  const sentToday = world
    .submitted()
    .filter(receipt => receipt.cloud === 'aliyun-dm' && receipt.account === account)
    .filter(({ sentAt }) => sentAt > world.now() - DAY_MS).length
  const left = world.balance(account)
  const senders = sendersOf(call)
  return {
    UserStatus: call.key.state === 'out-of-service' ? USER_OVERDUE : USER_NORMAL,
    DailyQuota: QUOTA.day,
    MonthQuota: QUOTA.month,
    DailyRemainFreeQuota: left ?? Math.max(0, QUOTA.day - sentToday),
    RemainFreeQuota: left ?? Math.max(0, QUOTA.month - sentToday),
    QuotaLevel: QUOTA.level,
    MaxQuotaLevel: QUOTA.highestLevel,
    Domains: new Set(senders.map(({ address }) => domainOf(address))).size,
    MailAddresses: senders.length,
    Receivers: 0,
    Tags: TAGS.length,
    Templates: 0,
    IpChannelType: 'normal',
    EnableTimes: 0,
    DayuStatus: 0,
    SmsRecord: 0,
    SmsSign: 0,
    SmsTemplates: 0,
  }
}

/** QueryMailAddressByParam: the sender addresses of the region, by a part of the address and by type. */
export function queryMailAddressByParam(call: Call): Fields {
  const keyWord = call.parameters.get('KeyWord') ?? ''
  const type = call.parameters.get('Sendtype') ?? ''
  if (!['', 'batch', 'trigger'].includes(type)) throw mailRefusal(invalidParameterCode('Sendtype'))
  const senders = sendersOf(call).filter(
    sender => sender.address.includes(keyWord) && (type === '' || sender.type === type),
  )
  const { page, about } = pageOf(call, senders)
  return {
    ...about,
    data: {
      mailAddress: page.map(({ address, state, type: Sendtype }) => ({
        MailAddressId: String(200001 + SENDERS.findIndex(sender => sender.address === address)),
        AccountName: address,
        AccountStatus: state === 'frozen' ? '1' : '0',
        DomainStatus: state === 'unverified' ? '1' : '0',
        Sendtype,
        ReplyAddress: '',
        ReplyStatus: '0',
        CreateTime: CREATED_AT,
        DailyCount: String(QUOTA.day),
        DailyReqCount: '0',
        MonthCount: String(QUOTA.month),
        MonthReqCount: '0',
      })),
    },
  }
}

/** QueryDomainByParam: the sender domains of the region, which are all verified. */
export function queryDomainByParam(call: Call): Fields {
  const keyWord = call.parameters.get('KeyWord') ?? ''
  const status = call.parameters.get('Status') ?? ''
  if (!/^[01]?$/.test(status)) throw mailRefusal(invalidParameterCode('Status'))
  const names = [...new Set(sendersOf(call).map(({ address }) => domainOf(address)))]
  const domains = names.filter(name => name.includes(keyWord) && status !== '1')
  const { page, about } = pageOf(call, domains)
  return {
    ...about,
    data: {
      domain: page.map(name => ({
        DomainId: String(100001 + names.indexOf(name)),
        DomainName: name,
        DomainStatus: '0',
        DomainRecord: '',
        IcpStatus: '1',
        CnameAuthStatus: '0',
        MxAuthStatus: '0',
        SpfAuthStatus: '0',
        ConfirmStatus: '0',
        CreateTime: CREATED_AT,
        UtcCreateTime: CREATED_AT_SECONDS,
      })),
    },
  }
}

/** The page which the call asks for. Throws when it asks for none. */
function pageOf<T>(call: Call, entries: T[]): { page: T[]; about: Record<string, number> } {
  const read = (name: string, defaultValue: number) => {
    const text = call.parameters.get(name) || String(defaultValue)
    if (!/^[1-9]\d{0,5}$/.test(text)) throw mailRefusal(invalidParameterCode(name))
    return Number(text)
  }
  const PageNumber = read('PageNo', 1)
  const PageSize = read('PageSize', 10)
  const from = (PageNumber - 1) * PageSize
  return {
    page: entries.slice(from, from + PageSize),
    about: { TotalCount: entries.length, PageNumber, PageSize },
  }
}
