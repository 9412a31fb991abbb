import type { Failure, FailureTable, Localized } from '@countersign/kit'

const both = (en: string, zh: string): Localized => ({ en, 'zh-CN': zh })

const CONFIGURATION = both(
  "Compare the configuration with the package's guide and with the provider's console.",
  '请将配置与该连接器包的说明及服务商控制台核对。',
)
const PACKAGE = both(
  'Look at what the package reports below; ask its author if that does not help.',
  '请查看下方连接器包返回的内容；若仍无法解决，请联系该包的作者。',
)

// biome-ignore format: one line per code
const LINES: Record<string, readonly [Failure, string, string, Localized]> = {
  general: ['unrecognized', 'The connector package reports a failure of the provider.', '连接器包报告服务商返回失败。', PACKAGE],
  invalid_config: ['credentials_rejected', 'The connector package refuses the configuration.', '连接器包拒绝了当前配置。', CONFIGURATION],
  invalid_certificate: ['credentials_rejected', 'The certificate in the configuration was refused.', '配置中的证书被拒绝。', CONFIGURATION],
  authorization_failed: ['credentials_rejected', 'The provider refused the key or the account.', '服务商拒绝了密钥或账号。', CONFIGURATION],
  template_missing: ['message_rejected', 'No template is set for this usage type, nor one for Generic.', '未为该用途配置模板，也没有 Generic 模板。', both('Add a template with the usage type Generic.', '请添加用途为 Generic 的模板。')],
  template_not_supported: ['message_rejected', 'The connector package does not support this usage type.', '连接器包不支持该用途。', both('Add a template for this usage type, or use another package.', '请为该用途添加模板，或改用其他连接器包。')],
  invalid_request_parameters: ['message_rejected', 'The provider refused a part of the message.', '服务商拒绝了消息中的某个参数。', PACKAGE],
  insufficient_request_parameters: ['message_rejected', 'A part of the message is missing.', '消息缺少必要参数。', PACKAGE],
  rate_limit_exceeded: ['rate_limited', 'Too many messages in a short time.', '短时间内发送的消息过多。', both('Wait, then send again.', '请稍候再发送。')],
  usage_limit_exceeded: ['balance_exhausted', "The account's quota is used up.", '账号配额已用尽。', both("Raise the limit or top up in the provider's console.", '请在服务商控制台提高限额或充值。')],
  invalid_response: ['provider_fault', 'The provider answered with something the connector package cannot read.', '服务商的响应无法被连接器包识别。', PACKAGE],
  not_implemented: ['unrecognized', 'The connector package cannot send such messages.', '连接器包不支持发送此类消息。', both('Use another package.', '请改用其他连接器包。')],
  ETIMEDOUT: ['unreachable', 'The connector package did not finish in time.', '连接器包未能在规定时间内完成发送。', both('Check the network and the addresses in the configuration; raise SEND_TIMEOUT if the provider is that slow.', '请检查网络和配置中的地址；若服务商确实较慢，请调大 SEND_TIMEOUT。')],
}

/** What the kit's error codes mean here. */
export const pluginFailures: FailureTable = Object.fromEntries(
  Object.entries(LINES).map(([code, [failure, en, zh, remedy]]) => [
    code,
    { failure, meaning: both(en, zh), remedy, source: '@logto/connector-kit' },
  ]),
)
