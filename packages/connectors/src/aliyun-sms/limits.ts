/** Digits of a code: templates for codes take 4 to 6 characters. Source: Alibaba Cloud help, SMS template rules. */
export const CODE_LENGTH = { least: 4, most: 6 }
