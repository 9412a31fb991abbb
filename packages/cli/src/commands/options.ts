import type { Option } from './command.ts'

/** Options that several commands share. */
export const CONNECTOR: Option = {
  type: 'string',
  value: '<id>',
  required: true,
  help: 'aliyun-sms, aliyun-pnvs, aliyun-dm or tencent-sms',
}
export const CONFIG: Option = {
  type: 'string',
  value: '<file>',
  required: true,
  help: 'Its configuration as JSON; - reads standard input',
}
export const SIMULATED: Option = {
  type: 'boolean',
  help: 'Ask a simulated cloud in this process; nothing leaves the machine',
}
export const TIMEOUT: Option = {
  type: 'string',
  value: '<ms>',
  help: 'How long the provider may take for a request [8000]',
}
export const PASSPHRASE_FILE: Option = {
  type: 'string',
  value: '<file>',
  help: 'Its first line is the passphrase',
}
