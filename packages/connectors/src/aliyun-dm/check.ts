import type { CheckItem, Localized, SendWorld, Values } from '@countersign/kit'
import { isObject } from '@countersign/kit'
import { callAliyun } from '../aliyun-gateway/call.ts'
import { readingOf } from '../aliyun-gateway/reading.ts'
import {
  accessItems,
  ask,
  itemOfRefusal,
  mayAskOn,
  objectsIn,
  unknown,
  type Verdict,
  wordsIn,
} from '../check/verdict.ts'
import { both } from '../failure-table.ts'
import { failures } from './failures.ts'
import { REGIONS } from './regions.ts'
import type { settings as table } from './settings.ts'

const READING = readingOf(failures)

const GRANT = both(
  'Grant dm:DescAccountSummary and dm:QueryMailAddressByParam to the RAM user, beside dm:SingleSendMail.',
  '请在 dm:SingleSendMail 之外，再为该 RAM 用户授予 dm:DescAccountSummary 和 dm:QueryMailAddressByParam 权限。',
)

/** Asks Direct Mail for the account and the sender address: `DescAccountSummary`, `QueryMailAddressByParam`. */
export async function checkAliyunDm(settings: Values<typeof table>, world: SendWorld): Promise<CheckItem[]> {
  const query = (action: string, query: Record<string, string> = {}) =>
    ask(READING, () =>
      callAliyun(world, {
        access: settings,
        host: REGIONS[settings.region].host,
        action,
        version: '2015-11-23',
        query,
      }),
    )
  const account = await query('DescAccountSummary')
  const access = accessItems(account, GRANT)
  if (!mayAskOn(access)) return [...access, unknown('account'), unknown('sender')].filter(isFirstOfSubject)
  const sender = await query('QueryMailAddressByParam', {
    // The field takes sixty characters and looks for parts of addresses.
    KeyWord: settings.accountName.slice(0, 60),
    PageNo: '1',
    PageSize: '50',
  })
  return [...access, accountItem(account), senderItem(settings.accountName, sender)]
}

const isFirstOfSubject = (item: CheckItem, index: number, all: CheckItem[]) =>
  all.findIndex(({ subject }) => subject === item.subject) === index

// biome-ignore format: one line per state
const USER_STATES: Readonly<Record<string, { reason: Localized; remedy: Localized }>> = {
  1: { reason: both('The account is frozen.', '账号已被冻结。'), remedy: both('Look at the notices in the Direct Mail console, or open a ticket.', '请查看邮件推送控制台的通知，或提交工单。') },
  2: { reason: both('Payment is overdue.', '账号已欠费。'), remedy: both('Top up in Expenses and Costs of the Alibaba Cloud console.', '请在阿里云控制台 → 费用与成本中充值。') },
  4: { reason: both('Sending is restricted.', '账号的发信功能受限。'), remedy: both('Look at the reputation level in the Direct Mail console → Overview, or open a ticket.', '请在邮件推送控制台 → 概览查看信誉等级，或提交工单。') },
  8: { reason: both('The account was deleted.', '账号已被删除。'), remedy: both('Activate Direct Mail again.', '请重新开通邮件推送。') },
}

function accountItem(verdict: Verdict): CheckItem {
  if (!('body' in verdict)) return itemOfRefusal('account', verdict)
  const { UserStatus, DailyQuota } = verdict.body
  const trouble = USER_STATES[String(UserStatus)]
  if (trouble) return { subject: 'account', state: 'rejected', ...trouble }
  if (String(UserStatus) !== '0') return unknown('account')
  const quota = Number(DailyQuota)
  return {
    subject: 'account',
    state: 'approved',
    ...(quota > 0 && { reason: both(`${quota} mails a day.`, `每日可发送 ${quota} 封。`) }),
  }
}

function senderItem(address: string, verdict: Verdict): CheckItem {
  if (!('body' in verdict)) return itemOfRefusal('sender', verdict)
  const { data } = verdict.body
  const found = objectsIn(isObject(data) ? data.mailAddress : undefined).find(
    sender => wordsIn(sender, 'AccountName').toLowerCase() === address.toLowerCase(),
  )
  if (!found)
    return {
      subject: 'sender',
      state: 'missing',
      reason: both('This region has no such sender address.', '该地域下没有此发信地址。'),
      remedy: failures['InvalidMailAddress.NotFound']!.remedy,
    }
  if (String(found.AccountStatus) !== '0')
    return {
      subject: 'sender',
      state: 'rejected',
      reason: both('The sender address is frozen.', '发信地址已被冻结。'),
      remedy: failures['InvalidMailAddressStatus.Malformed']!.remedy,
    }
  if (String(found.DomainStatus) !== '0')
    return {
      subject: 'sender',
      state: 'in_review',
      reason: both('The domain of the address is not verified.', '发信地址的域名未通过验证。'),
      remedy: failures['InvalidMailAddressDomain.Malformed']!.remedy,
    }
  if (wordsIn(found, 'Sendtype') === 'batch')
    return {
      subject: 'sender',
      state: 'rejected',
      reason: failures['InvalidMailAddressSendType.Malformed']!.meaning,
      remedy: failures['InvalidMailAddressSendType.Malformed']!.remedy,
    }
  return { subject: 'sender', state: 'approved' }
}
