// The pages work without this file. It only saves taps: the code sends itself, the resend button counts down,
// nothing is sent twice, and it says so when a message cannot be delivered. No dependencies, one file.

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

// Decimal digits of every script are digits; each script has its ten in a row, from zero on.
const plain = digit => {
  let before = 0
  let point = digit.codePointAt(0) - 1
  for (; /\p{Nd}/u.test(String.fromCodePoint(point)); point -= 1) before += 1
  return before % 10
}
const asciiDigits = text => text.normalize('NFKC').replace(/\p{Nd}/gu, plain)

const code = one('input[data-code-length]')
if (code) {
  const length = Number(code.dataset.codeLength)
  let tried = false
  const digits = () => asciiDigits(code.value).replace(/\D/g, '')
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

// A carrier may say within seconds that it cannot deliver the message. It is asked for a minute; a reload says it too.
const undelivered = one('[data-receipt]')
if (undelivered) {
  const pauses = [6, 10, 10, 10, 10, 10]
  const ask = async () => {
    const answer = await fetch(undelivered.dataset.receipt, { redirect: 'error' })
    const { notice } = answer.ok ? await answer.json() : {}
    if (!notice) return answer.ok && wait()
    undelivered.firstElementChild.textContent = notice
    // What was said before, that the message is on its way, is not true any more.
    for (const earlier of all('.notice-info')) earlier.hidden = true
    undelivered.hidden = false
  }
  const wait = () => {
    const seconds = pauses.shift()
    if (seconds) setTimeout(() => (document.hidden ? wait() : ask().catch(wait)), seconds * 1000)
  }
  wait()
}

const country = one('select[name=country]')
if (country) {
  const options = [...country.options]
  const main = country.dataset.main.split(',')
  const codeOf = option => /\(\+(\d+)\)$/.exec(option.text)[1]
  const fold = text => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  const namesOf = option => [codeOf(option), `+${codeOf(option)}`, ...(option.dataset.names ?? '').split(',')]

  // The country that a number names by itself is the chosen one. `countryOfPrefix` says the same without the script.
  const number = document.getElementById('value')
  const follow = () => {
    const text = asciiDigits(number.value).replace(/[^\d+\p{L}]/gu, '')
    const digits = /^(?:\+|00)(\d+)/.exec(text)?.[1]
    if (!digits) return
    const those = options.filter(option => digits.startsWith(codeOf(option))).map(option => option.value)
    const found = [country.value, ...main, ...those].find(value => those.includes(value))
    if (found) country.value = found
  }
  number.addEventListener('input', follow)
  follow()

  // Browsers look for what is typed from the chosen country on, by the names that are shown. Here it is looked for from
  // the top, where the common ones stand, and by other names too. In an opened list the browser does as it does.
  let typed = ''
  let last = 0
  const find = text =>
    options.find(option => fold(option.text).startsWith(text)) ??
    options.find(option => namesOf(option).some(name => fold(name).startsWith(text)))
  const next = text => {
    const at = country.selectedIndex + 1
    return [...options.slice(at), ...options.slice(0, at)].find(option => fold(option.text).startsWith(text))
  }
  country.addEventListener('keydown', event => {
    const isSign = [...event.key].length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey
    if (Date.now() - last > 1000) typed = ''
    if (!isSign || (event.key === ' ' && typed === '')) return
    event.preventDefault()
    last = Date.now()
    typed += fold(event.key)
    const [first] = typed
    // The same letter again and again goes through those that begin with it.
    const again = typed.length > 1 && [...typed].every(sign => sign === first)
    const found = find(typed) ?? (again && next(first))
    if (found) country.selectedIndex = found.index
  })
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
