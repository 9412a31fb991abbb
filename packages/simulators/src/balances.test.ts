import { describe, expect, it } from 'vitest'
import { type CloudId, createClouds } from './index.ts'
import { rpcRequest, sampleRequest, tc3Request } from './signed-requests.ts'

const SMS = {
  SignName: '示例应用',
  TemplateCode: 'SMS_100000002',
  TemplateParam: '{"code":"123456"}',
}

describe('a balance', () => {
  it('has no limit at first', () => {
    const { balances } = createClouds().control.state()
    expect(balances['LTAI-simulated-ok']).toBeNull()
    expect(balances['AKID-simulated-ok']).toBeNull()
    expect(balances['LTAI-simulated-no-balance']).toBe(0)
    expect(balances).not.toHaveProperty('STS.simulated-ok')
  })

  it.each<[CloudId, string, string]>([
    ['aliyun-sms', 'LTAI-simulated-ok', 'isv.AMOUNT_NOT_ENOUGH'],
    ['aliyun-pnvs', 'LTAI-simulated-ok', 'isv.AMOUNT_NOT_ENOUGH'],
    ['aliyun-dm', 'LTAI-simulated-ok', 'InvalidSendMail.Spam'],
    ['tencent-sms', 'AKID-simulated-ok', 'FailedOperation.InsufficientBalanceInSmsPackage'],
  ])('runs out at %s with the error of the cloud', async (cloud, key, code) => {
    const clouds = createClouds({ frequencyControl: false })
    clouds.control.setBalance(key, 2)
    for (const left of [1, 0]) {
      await clouds.fetch(sampleRequest(cloud))
      expect(clouds.control.state().balances[key]).toBe(left)
    }
    expect(await (await clouds.fetch(sampleRequest(cloud))).text()).toContain(code)
    expect(clouds.inbox.messages()).toHaveLength(2)
    clouds.control.setBalance(key, null)
    await clouds.fetch(sampleRequest(cloud))
    expect(clouds.inbox.messages()).toHaveLength(3)
  })

  it('is not touched by a message that is refused for something else', async () => {
    const clouds = createClouds()
    clouds.control.setBalance('LTAI-simulated-ok', 5)
    const refused = rpcRequest('SendSms', '2017-05-25', {
      ...SMS,
      SignName: '没有',
      PhoneNumbers: '13800138000',
    })
    await clouds.fetch(refused)
    expect(clouds.control.state().balances['LTAI-simulated-ok']).toBe(5)
  })

  it('refuses a whole call of Aliyun, and single numbers of Tencent Cloud, that it does not suffice for', async () => {
    const clouds = createClouds()
    clouds.control.setBalance('LTAI-simulated-ok', 1)
    const PhoneNumbers = '13800138000,13800138001'
    const call = rpcRequest('SendSms', '2017-05-25', { ...SMS, PhoneNumbers })
    expect(await (await clouds.fetch(call)).json()).toMatchObject({ Code: 'isv.AMOUNT_NOT_ENOUGH' })
    expect(clouds.control.state().balances['LTAI-simulated-ok']).toBe(1)
    clouds.control.setBalance('AKID-simulated-ok', 1)
    const set = tc3Request('SendSms', {
      PhoneNumberSet: ['+8613800138000', '+8613800138001'],
      SmsSdkAppId: '1400000001',
      SignName: '示例应用',
      TemplateId: '1000004',
      TemplateParamSet: ['123456'],
    })
    expect(await (await clouds.fetch(set)).json()).toMatchObject({
      Response: {
        SendStatusSet: [{ Code: 'Ok' }, { Code: 'FailedOperation.InsufficientBalanceInSmsPackage' }],
      },
    })
  })

  it('is shared by the keys of an account, and comes back by a reset', async () => {
    const clouds = createClouds()
    clouds.control.setBalance('LTAI-simulated-send-only', 1)
    expect(clouds.control.state().balances['LTAI-simulated-ok']).toBe(1)
    const signing = { keyId: 'LTAI-simulated-send-only', secret: 'simulated-secret-send-only' }
    await clouds.fetch(rpcRequest('SendSms', '2017-05-25', { ...SMS, PhoneNumbers: '13800138000' }, signing))
    expect(clouds.control.state().balances['LTAI-simulated-ok']).toBe(0)
    clouds.control.reset()
    expect(clouds.control.state().balances['LTAI-simulated-ok']).toBeNull()
  })

  it('is set of accounts that exist', () => {
    expect(() => createClouds().control.setBalance('nobody', 1)).toThrow('No account has the key "nobody".')
  })
})
