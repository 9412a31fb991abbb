/** What the command line takes from the server. Starting it is `@countersign/server/main`. */
export { describeConfig } from './config.ts'
export { countryOf, maskRecipient, normalizePhone, phoneProblem } from './identifiers/phone.ts'
export { realFetch } from './outside.ts'
