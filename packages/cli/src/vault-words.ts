import type { Localized } from '@countersign/kit'

const both = (en: string, zh: string): Localized => ({ en, 'zh-CN': zh })

/** What `countersign keys --type vault` says. */
export const VAULT = {
  usage: both(
    'Say countersign keys --type vault, or countersign keys rotate --type vault, without --grace and --algorithm.',
    '请使用 countersign keys --type vault 或 countersign keys rotate --type vault，不带 --grace 和 --algorithm。',
  ),
  Current: both('Current ', '当前  '),
  Accepted: both('Accepted', '可解密'),
  Missing: both('Missing ', '缺失  '),
  texts: (count: number) =>
    both(`${count} ${count === 1 ? 'text' : 'texts'} encrypted`, `加密了 ${count} 条内容`),
  done: (count: number) =>
    both(
      `${count} ${count === 1 ? 'text was' : 'texts were'} encrypted anew with the current key.`,
      `已用当前密钥重新加密 ${count} 条内容。`,
    ),
  left: both(
    'Something is still encrypted with another key: a server still encrypts with it, or the key is not here. Restart all servers with this VAULT_KEYS, and run this again.',
    '仍有内容由其他密钥加密：可能有服务器仍在使用旧密钥，或此处缺少该密钥。请用当前的 VAULT_KEYS 重启所有服务器，然后再次执行。',
  ),
  whole: both(
    'Nothing is encrypted with another key. Once all servers run with this VAULT_KEYS, the others can be left out of it.',
    '没有内容由其他密钥加密。所有服务器都使用此 VAULT_KEYS 后，即可从中移除其他密钥。',
  ),
  none: both(
    'VAULT_KEYS names no other key. A rotation begins with a new one there: docs/cli.md, "keys".',
    'VAULT_KEYS 中没有其他密钥。轮换从添加新密钥开始，参见 docs/cli.md 的 “keys” 一节。',
  ),
  missing: both(
    'What a missing key has encrypted cannot be read. Put the key back into VAULT_KEYS.',
    '缺失的密钥所加密的内容无法读取。请将该密钥放回 VAULT_KEYS。',
  ),
}
