// The check for people. The page carries the challenge, workers do the work, and the form sends what they found; nothing
// else is asked. It begins by itself, and whoever is faster than it only waits for the rest.

const box = document.querySelector('[data-check]')
const { form } = box.querySelector('input')
const answer = box.querySelector('input')
const status = box.querySelector('[role=status]')
const bar = box.querySelector('progress')
const { worker: address, working, done, failed } = box.dataset
const { parameters, signature, tries } = JSON.parse(box.dataset.check)
const began = performance.now()
const workers = []
let isOver = false
const hold = window.holdForm(form, () => isOver)

const end = sentence => {
  isOver = true
  for (const each of workers) each.terminate()
  bar.hidden = true
  status.textContent = sentence
}

const found = solution => {
  if (isOver) return
  const time = Math.round(performance.now() - began)
  answer.value = btoa(
    JSON.stringify({ challenge: { parameters, signature }, solution: { ...solution, time } }),
  )
  end(done)
  if (hold.isHeld() || 'auto' in box.dataset) hold.send()
}

// Whoever cannot work here still gets to the server, which says what is missing.
const giveUp = () => {
  if (isOver) return
  end(failed)
  box.classList.add('check-failed')
  if (hold.isHeld()) hold.send()
}

status.textContent = working
bar.hidden = false
try {
  const step = Math.min(4, navigator.hardwareConcurrency || 1)
  for (let start = 0; start < step; start += 1) {
    const each = new Worker(address)
    workers.push(each)
    each.onerror = giveUp
    each.onmessage = ({ data }) => {
      if (data.derivedKey) return found(data)
      bar.value = Math.max(bar.value, Math.min(0.95, data.tried / tries))
    }
    each.postMessage({ parameters, start, step })
  }
} catch {
  giveUp()
}
