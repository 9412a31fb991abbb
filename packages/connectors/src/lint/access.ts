import type { Finding } from '@countersign/kit'
import { both, type Draft, error, textOf, warning } from './finding.ts'

interface Cloud {
  /** What the IDs of another cloud's keys begin with, and that cloud's name. */
  other: { test: RegExp; en: string; zh: string }
  /** The member that holds the token of a temporary key. */
  tokenKey: string
  hosts: RegExp
}

export const ALIYUN: Cloud = {
  other: { test: /^[AI]KID/, en: 'Tencent Cloud', zh: '腾讯云' },
  tokenKey: 'securityToken',
  hosts: /\.aliyuncs\.com$/,
}
export const TENCENT: Cloud = {
  other: { test: /^(?:LTAI|STS\.)/, en: 'Alibaba Cloud', zh: '阿里云' },
  tokenKey: 'token',
  hosts: /\.tencentcloudapi\.com$/,
}

const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3})$/

/** What can be seen of a key pair, a token and an endpoint without asking the cloud. */
export function lintAccess(draft: Draft, cloud: Cloud): Finding[] {
  return [...lintKeys(draft, cloud), ...lintEndpoint(draft, cloud)]
}

function* lintKeys(draft: Draft, { other, tokenKey }: Cloud): Generator<Finding> {
  const id = textOf(draft, 'accessKeyId')
  const secret = textOf(draft, 'accessKeySecret')
  const token = textOf(draft, tokenKey)
  if (id && other.test.test(id))
    yield error(
      ['accessKeyId'],
      'key_of_other_cloud',
      both(`This looks like a key of ${other.en}.`, `这看起来是${other.zh}的密钥。`),
      both('Fill in a key of the cloud that this connector is for.', '请填写与本连接器对应的云服务商密钥。'),
    )
  if (id && id === secret)
    yield error(
      ['accessKeySecret'],
      'secret_is_id',
      both('The secret is the same text as the ID.', '密钥 Secret 与 ID 相同。'),
      both(
        'Copy the secret that belongs to the ID; it is another text.',
        '请复制与该 ID 对应的 Secret，两者并不相同。',
      ),
    )
  if (secret && /\s/.test(secret))
    yield error(
      ['accessKeySecret'],
      'secret_has_space',
      both('The secret has a space or a line break in it.', '密钥 Secret 中含有空格或换行。'),
      both(
        'Copy the secret again, without what stands around it.',
        '请重新复制 Secret，不要带上前后的内容。',
      ),
    )
  if (id?.startsWith('STS.') && !token && tokenKey === 'securityToken')
    yield error(
      [tokenKey],
      'token_missing',
      both(
        'The ID is that of a temporary key, and its STS token is missing.',
        '该 ID 属于临时密钥，但缺少 STS Token。',
      ),
      both(
        'Fill in the token that came with the key, or use the long-lived key of a RAM user.',
        '请填写与密钥一同签发的 Token，或改用 RAM 用户的长期密钥。',
      ),
    )
  if (token)
    yield warning(
      [tokenKey],
      'temporary_key',
      both(
        'A temporary key expires within hours; then every message fails.',
        '临时密钥会在数小时内过期，届时所有消息都将发送失败。',
      ),
      both(
        'For a service that keeps running, use the long-lived key of a sub-user that may do nothing but send.',
        '长期运行的服务请使用仅有发送权限的子用户长期密钥。',
      ),
    )
}

function* lintEndpoint(draft: Draft, { hosts }: Cloud): Generator<Finding> {
  const endpoint = textOf(draft, 'endpoint')
  const url = endpoint && URL.parse(endpoint)
  if (!url || LOOPBACK.test(url.hostname)) return
  if (url.protocol === 'http:')
    yield error(
      ['endpoint'],
      'endpoint_http',
      both(
        'Over plain HTTP codes and recipients can be read on the way.',
        '明文 HTTP 会使验证码和收件人在传输途中泄露。',
      ),
      both('Begin the endpoint with https://.', '请使用以 https:// 开头的接入地址。'),
    )
  if (!hosts.test(url.hostname))
    yield warning(
      ['endpoint'],
      'endpoint_foreign',
      both(
        'The endpoint is not a host of this cloud; whoever runs it sees every code.',
        '接入地址不是该云服务商的域名；其运营者可以看到所有验证码。',
      ),
      both(
        'Keep it only if it is a gateway of your own; otherwise leave the field empty.',
        '仅当它是您自己的网关时才保留，否则请留空。',
      ),
    )
}
