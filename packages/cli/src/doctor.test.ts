import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openMoveIn } from '@countersign/server/move-in'
import { writeDirectly } from '@countersign/server/testing/database'
import { describe, expect, it, onTestFinished } from 'vitest'
import { countersign, countersignJson } from './testing.ts'

describe('doctor without a connector', () => {
  it('lists users who have one number in several forms, changes nothing, and says what to do', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'countersign-doctor-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const env = { DATA_DIR: folder }
    const open = () => openMoveIn(env, { trial: false, write() {} })
    const here = await open()
    const ada = await here.users.create({ username: 'ada', primaryPhone: '8613800138000' })
    const bob = await here.users.create({ username: 'bob' })
    await here.close()
    const well = await countersign(['doctor', '--offline'], { env })
    expect(well).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('✓ No two users have one phone number or e-mail address.\n'),
    })
    expect(well.stdout).toContain('✓ The secret key opens what is sealed.')

    await writeDirectly(env, db =>
      db.updateTable('users').set({ primary_phone: '13800138000' }).where('id', '=', bob.id).execute(),
    )
    const { code, stdout } = await countersign(['doctor', '--offline'], { env })
    expect(code).toBe(1)
    expect(stdout).toContain(`✗ primaryPhone  users ${ada.id}, ${bob.id}\n    Only ${ada.id} is found by it`)
    expect(stdout).toContain('Remedy: decide whose each is')
    expect(stdout).not.toContain('13800138000')
    const { value } = await countersignJson(['doctor', '--offline'], {
      env: {
        ...env,
        CLOUDS: 'real',
        ENDPOINT: 'https://sign-in.example.com',
        ADMIN_ENDPOINT: 'http://console.example.com',
      },
    })
    expect(value).toMatchObject({
      findings: expect.arrayContaining([
        expect.objectContaining({ code: 'proxy.untrusted', state: 'wrong' }),
        expect.objectContaining({
          code: 'address.plain',
          text: 'ADMIN_ENDPOINT is http://console.example.com: passwords and codes travel in clear.',
        }),
      ]),
      toRewrite: 0,
      left: [{ field: 'primaryPhone', ownerId: ada.id, userIds: [bob.id] }],
    })

    await writeDirectly(env, db =>
      db.updateTable('users').set({ primary_phone: null }).where('id', '=', ada.id).execute(),
    )
    const again = await open()
    expect((await again.users.get(bob.id)).primaryPhone).toBe('8613800138000')
    await again.close()
  })

  it('needs both of connector and configuration, or none', async () => {
    expect((await countersign(['doctor', '--connector', 'aliyun-sms'])).code).toBe(2)
  })
})
