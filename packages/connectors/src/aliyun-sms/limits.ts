import type { ProviderWindows } from '@countersign/kit'

/** Digits of a code: templates for codes take 4 to 6 characters. Source: Alibaba Cloud help, SMS template rules. */
export const CODE_LENGTH = { least: 4, most: 6 }

/**
 * Codes under one signature to one mainland number: minutes and hours are those of the clock, a day counts back from each
 * message. What is refused is not counted. Accounts of companies may have the day raised to 40, and exempt 300 numbers.
 * Source: Alibaba Cloud help, SMS frequency control.
 */
export const WINDOWS: ProviderWindows = {
  usual: () => ({ pause: null, minute: 1, hour: 5, day: 10 }),
  rolling: ['day'],
  by: ['signName'],
}
