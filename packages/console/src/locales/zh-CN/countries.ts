import type { countries as english } from '../en/countries.ts'
import type { Translation } from '../translation.ts'

/** Which countries text messages may go to. */
export const countries: Translation<typeof english> = {
  countries: {
    title: '国家和地区',
    text: '短信只会发往以下国家和地区。使用内置连接器新建的连接默认只发往中国大陆，需手动添加其他国家和地区。',
    none: '没有已启用的短信连接。',
    connection: '连接',
    reached: '国家和地区及价格',
    actions: '操作',
    change: '修改',
    changeNamed: name => `修改${name}的发送范围`,
    sources:
      '价格取自您在“费用”中填写的单价；未填写时取自连接器自带的价目表，其来源和日期见“费用”。境外价格经常变动。',
  },
}
