// The pages work without this file. It only saves taps: the code sends itself, the resend button counts down,
// nothing is sent twice. No dependencies, no network, one file.

const one = selector => document.querySelector(selector)
const all = selector => [...document.querySelectorAll(selector)]

// A slow network invites second taps, and a second tap would send a second message.
for (const form of all('form')) {
  form.addEventListener('submit', event => {
    if (form.dataset.sent) return event.preventDefault()
    form.dataset.sent = 'yes'
    // Disabled only after the browser has collected the fields.
    setTimeout(() => {
      for (const button of form.querySelectorAll('button[type=submit]')) button.disabled = true
    })
  })
}

// Coming back with the browser's button shows the page as it was left: make it usable again.
window.addEventListener('pageshow', event => {
  if (!event.persisted) return
  for (const form of all('form[data-sent]')) {
    delete form.dataset.sent
    for (const button of form.querySelectorAll('button[type=submit]')) button.disabled = false
  }
})

// The resend button waits until a resend is welcome.
for (const button of all('button[data-wait]')) {
  const label = button.textContent
  const end = Date.now() + Number(button.dataset.wait) * 1000
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000)
    button.disabled = left > 0 || Boolean(button.form.dataset.sent)
    button.textContent = left > 0 ? button.dataset.waiting.replace('{count}', left) : label
    if (left > 0) setTimeout(tick, 500)
  }
  tick()
}

const code = one('input[data-code-length]')
if (code) {
  const length = Number(code.dataset.codeLength)
  let tried = false
  // Decimal digits of every script are digits; each script has its ten in a row, from zero on.
  const plain = digit => {
    let before = 0
    let point = digit.codePointAt(0) - 1
    for (; /\p{Nd}/u.test(String.fromCodePoint(point)); point -= 1) before += 1
    return before % 10
  }
  const digits = () =>
    code.value
      .normalize('NFKC')
      .replace(/\p{Nd}/gu, plain)
      .replace(/\D/g, '')
  const submitWhenComplete = () => {
    if (tried || digits().length !== length) return
    tried = true // once: a wrong code must be correctable without being sent at every key
    code.value = digits()
    code.form.requestSubmit()
  }
  code.addEventListener('input', submitWhenComplete)

  // Android's Chrome can read the message itself when its last line names this site.
  if (code.dataset.channel === 'sms' && 'OTPCredential' in window) {
    const abort = new AbortController()
    code.form.addEventListener('submit', () => abort.abort())
    navigator.credentials
      .get({ otp: { transport: ['sms'] }, signal: abort.signal })
      .then(credential => {
        if (!credential || code.form.dataset.sent) return
        code.value = credential.code
        submitWhenComplete()
      })
      .catch(() => {}) // refused or not available: the visitor types
  }
}

for (const button of all('button[data-reveal]')) {
  const input = document.getElementById(button.dataset.reveal)
  button.hidden = false
  button.addEventListener('click', () => {
    const show = input.type === 'password'
    input.type = show ? 'text' : 'password'
    button.classList.toggle('shown', show)
    button.setAttribute('aria-label', show ? button.dataset.hide : button.dataset.show)
  })
  // Never send or remember a password as plain text.
  input.form.addEventListener('submit', () => {
    input.type = 'password'
  })
}

// Whoever opened the sign-out address has already decided.
one('form[data-form=sign-out]')?.requestSubmit()
