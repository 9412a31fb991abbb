/** Digits of a code: templates for codes take digits only, at most 6. Source: Tencent Cloud documents, SMS template rules. */
export const CODE_LENGTH = { least: 1, most: 6 }
