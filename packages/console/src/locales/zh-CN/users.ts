import type { users as english } from '../en/users.ts'
import type { Translation } from '../translation.ts'

/** Users, and one of them. */
export const users: Translation<typeof english> = {
  users: {
    title: '用户',
    search: '搜索',
    searchHint: '姓名、手机号、邮箱、用户名或 ID',
    user: '用户',
    phone: '手机号',
    email: '邮箱',
    username: '用户名',
    created: '创建时间',
    lastSignIn: '最近登录',
    status: '状态',
    active: '正常',
    suspended: '已停用',
    empty: '还没有用户',
    emptyText: '注册成功的用户会显示在这里。',
    noMatch: '没有匹配的用户。',
  },
  user: {
    back: '用户',
    id: '用户 ID',
    hasPassword: '密码',
    passwordSet: '已设置',
    passwordNotSet: '未设置',
    suspend: '停用用户',
    suspendTitle: '停用该用户？',
    suspendText: '该用户会在所有设备上退出登录，恢复前无法再登录。',
    resume: '恢复用户',
    suspended: '用户已停用。',
    resumed: '用户已恢复。',
    setPassword: '设置密码',
    newPassword: '新密码',
    passwordSaved: '密码已设置。',
    delete: '删除用户',
    deleteTitle: '删除该用户？',
    deleteText: '账号及其全部数据都将被删除。此操作无法撤销。',
    deleted: '用户已删除。',
  },
}
