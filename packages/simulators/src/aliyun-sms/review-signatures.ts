import type { Value } from '../aliyun-gateway/answers.ts'
import type { Call, Fields } from '../aliyun-gateway/gateway.ts'
import { AUDITED_AT, CREATED_AT, REVIEW_STATUS, SIGNATURES, type Signature } from './accounts.ts'
import { pageOf } from './pages.ts'
import { smsRefusal } from './refusals.ts'
import { UNKNOWN_SIGNATURE_CODE } from './unverified.ts'

// Names, types and meanings in this file: types of the official SDK, version 4.6.0.

/** Both lists spell their states alike. */
export const AUDIT_STATE = {
  'in review': 'AUDIT_STATE_INIT',
  approved: 'AUDIT_STATE_PASS',
  rejected: 'AUDIT_STATE_NOT_PASS',
  cancelled: 'AUDIT_STATE_CANCEL',
} as const

/** The reason of a rejection as both lists have it; empty members where there is none. */
export function listedReason(reason: string | undefined): Value {
  return reason === undefined
    ? { RejectInfo: '无审批备注' }
    : { RejectDate: AUDITED_AT, RejectInfo: reason, RejectSubInfo: reason }
}

function find(call: Call): Signature {
  const name = call.required('SignName')
  const signature = SIGNATURES.find(candidate => candidate.name === name)
  if (!signature) throw smsRefusal(UNKNOWN_SIGNATURE_CODE)
  return signature
}

/** QuerySmsSign: the review of one signature; the SDK calls it deprecated in favour of GetSmsSign. */
export function querySmsSign(call: Call): Fields {
  const { name, review, reason } = find(call)
  return {
    Code: 'OK',
    Message: 'OK',
    SignName: name,
    SignStatus: REVIEW_STATUS[review],
    Reason: reason ?? '',
    CreateDate: CREATED_AT,
  }
}

/** GetSmsSign: the same with the audit's reason in a member of its own, and the filing at the carriers. */
export function getSmsSign(call: Call): Fields {
  const { name, review, reason } = find(call)
  const approved = review === 'approved'
  return {
    Code: 'OK',
    Message: 'OK',
    SignName: name,
    SignCode: `SIGN_100000000000000_${SIGNATURES.findIndex(entry => entry.name === name) + 1}`,
    SignStatus: REVIEW_STATUS[review],
    SignTag: '2',
    SignUsage: '已注册商标名称',
    ThirdParty: false,
    RegisterResult: approved ? 1 : -1,
    SignIspRegisterDetailList: ['mobile', 'unicom', 'telecom'].map(OperatorCode => ({
      OperatorCode,
      RegisterStatus: approved ? 3 : -2,
      RegisterStatusReasons: [
        { ReasonCode: approved ? 'DETECT_SUCCESS' : 'NON_REGISTER', ReasonDescList: [] },
      ],
    })),
    AuditInfo: {
      ...(review !== 'in review' && { AuditDate: AUDITED_AT }),
      ...(reason !== undefined && { RejectInfo: reason }),
    },
    CreateDate: CREATED_AT,
  }
}

/** QuerySmsSignList: all signatures, by pages. */
export function querySmsSignList(call: Call): Fields {
  const { page, about } = pageOf(call, SIGNATURES)
  return {
    Code: 'OK',
    Message: 'OK',
    ...about,
    SmsSignList: page.map(({ name, kind, review, reason }) => ({
      SignName: name,
      AuditStatus: AUDIT_STATE[review],
      BusinessType: kind === 'general' ? '通用类型' : '验证码类型',
      Reason: listedReason(reason),
      CreateDate: CREATED_AT,
    })),
  }
}
