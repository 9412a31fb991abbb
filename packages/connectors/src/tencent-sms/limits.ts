import type { ProviderWindows } from '@countersign/kit'

/** Digits of a code: templates for codes take digits only, at most 6. Source: Tencent Cloud documents, SMS template rules. */
export const CODE_LENGTH = { least: 1, most: 6 }

/**
 * Messages of one application to one mainland number. The documents speak of thirty seconds for the same content, the code
 * for it of any. A day is that of the calendar; its default was 10, as carriers want it, and is 2 on pages since 2024. Who
 * has not raised that in Tencent's console says so at the connection: refusing what the cloud takes would be worse than
 * asking it in vain. Source: Tencent Cloud SMS documents, Frequency limit.
 */
export const WINDOWS: ProviderWindows = {
  usual: () => ({ pause: 30, minute: null, hour: null, day: 10 }),
  rolling: [],
  by: ['sdkAppId'],
}
