/** One host for every region, as the rule of the official SDK has it. */
export const ACCESS_POINT = { host: 'dypnsapi.aliyuncs.com', version: '2017-05-25' } as const
