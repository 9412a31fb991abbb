import { captchaRoutes } from '@countersign/api'
import type { Mount } from '../http/mount.ts'
import type { Captcha } from './captcha.ts'

/**
 * Which check for people is shown.
 *
 * @example mountCaptcha(mount, captcha)
 */
export function mountCaptcha(mount: Mount, captcha: Pick<Captcha, 'settings' | 'setSettings'>): void {
  mount
    .add(captchaRoutes.getCaptcha, async () => ({ status: 200, body: await captcha.settings() }))
    .add(captchaRoutes.putCaptcha, async ({ body }) => {
      await captcha.setSettings(body)
      return { status: 200, body: await captcha.settings() }
    })
}
