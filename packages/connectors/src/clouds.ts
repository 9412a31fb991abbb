/** For whoever calls another product of the same clouds: one request, signed as they want it. */
export { callAliyun } from './aliyun-gateway/call.ts'
export { type Answer, request } from './request.ts'
export { sign as signTc3 } from './signing/tc3.ts'
