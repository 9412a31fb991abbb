// A provider's check for people: its script is loaded and its widget shown, and what it hands over goes into the form. Where
// its script does not come, our own check (captcha.js) takes over, if the page carries one.
{
  /** How long a script may take, in milliseconds: whoever cannot reach its host is not to wait for minutes. */
  const PATIENCE = 8000

  const box = document.querySelector('[data-scripted]')
  const answer = box.querySelector('input')
  const { form } = answer
  const status = box.querySelector('[role=status]')
  const { done, failed, own } = box.dataset
  const challenge = JSON.parse(box.dataset.scripted)
  const tag = document.documentElement.lang
  const place = box.appendChild(document.createElement('div'))
  place.id = 'check-place'
  const isAuto = 'auto' in box.dataset
  let isOver = false
  let isReady = false
  let open = () => {}
  const whenHeld = () => {
    if (isReady) open()
  }
  const hold = window.holdForm(form, () => isOver, whenHeld)

  const passed = token => {
    if (isOver) return
    isOver = true
    answer.value = token
    status.textContent = done
    // Some widgets put fields of their own into the form, which nobody reads.
    for (const each of box.querySelectorAll('textarea')) each.disabled = true
    if (hold.isHeld() || isAuto) hold.send()
  }

  const expired = () => {
    isOver = false
    answer.value = ''
    status.textContent = ''
  }

  const giveUp = () => {
    if (isOver) return
    isOver = true
    place.remove()
    if (!own) {
      status.textContent = failed
      box.classList.add('check-failed')
      if (hold.isHeld()) hold.send()
      return
    }
    const script = document.createElement('script')
    script.src = own
    // It holds the form by itself from now on.
    if (hold.isHeld()) script.onload = hold.send
    document.head.append(script)
  }

  const patience = setTimeout(giveUp, PATIENCE)
  const ready = show => () => {
    clearTimeout(patience)
    if (isOver) return
    try {
      show()
      isReady = true
      if (hold.isHeld() || isAuto) open()
    } catch {
      giveUp()
    }
  }
  const load = (src, onload) => {
    const script = document.createElement('script')
    script.src = src
    script.onerror = giveUp
    if (onload) script.onload = onload
    document.head.append(script)
  }

  const widget = { callback: passed, 'expired-callback': expired, 'error-callback': giveUp }

  const providers = {
    turnstile({ siteKey, action, interaction }) {
      window.checkLoaded = ready(() =>
        window.turnstile.render(place, {
          sitekey: siteKey,
          action,
          cData: interaction,
          language: tag === 'zh-HK' ? 'zh-tw' : tag.toLowerCase(),
          'response-field': false,
          ...widget,
        }),
      )
      load('https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit&onload=checkLoaded')
    },

    hcaptcha({ siteKey }) {
      window.checkLoaded = ready(() => window.hcaptcha.render(place, { sitekey: siteKey, ...widget }))
      const language = encodeURIComponent(tag === 'zh-HK' ? 'zh-TW' : tag)
      load(`https://js.hcaptcha.com/1/api.js?render=explicit&onload=checkLoaded&hl=${language}`)
    },

    tencent({ captchaAppId }) {
      const userLanguage = tag === 'zh-TW' ? 'zh-hk' : tag.toLowerCase()
      const brought = ({ ret, ticket, randstr }) => {
        // 2: closed by the visitor, who may go on again.
        if (ret === 2) hold.letGo()
        else if (ret === 0 && !String(ticket).startsWith('trerror_'))
          passed(JSON.stringify({ ticket, randstr }))
        else giveUp()
      }
      const onload = ready(() => {
        const captcha = new window.TencentCaptcha(captchaAppId, brought, { userLanguage })
        open = () => captcha.show()
      })
      load('https://turing.captcha.qcloud.com/TJCaptcha.js', onload)
    },

    aliyun({ region, prefix, sceneId }) {
      window.AliyunCaptchaConfig = { region, prefix }
      const button = box.appendChild(document.createElement('button'))
      Object.assign(button, { type: 'button', id: 'check-open', hidden: true })
      const language = { 'zh-CN': 'cn', 'zh-TW': 'tw', 'zh-HK': 'tw' }[tag] ?? tag
      const onload = ready(() => {
        window.initAliyunCaptcha({
          SceneId: sceneId,
          mode: 'popup',
          element: '#check-place',
          button: '#check-open',
          success: passed,
          fail: () => {},
          getInstance: () => {},
          onError: giveUp,
          language,
        })
        open = () => button.click()
      })
      load('https://o.alicdn.com/captcha-frontend/aliyunCaptcha/AliyunCaptcha.js', onload)
    },
  }
  providers[challenge.provider](challenge)
}
