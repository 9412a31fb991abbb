/** The page's script: shows messages as they come, copies codes, and tells times in the browser's zone. */
export const INBOX_SCRIPT = `'use strict'
document.documentElement.classList.add('js')
const { events, lang } = document.body.dataset

function localTimes(root) {
  for (const time of root.querySelectorAll('time')) {
    const at = new Date(time.dateTime)
    const today = at.toDateString() === new Date().toDateString()
    time.textContent = today ? at.toLocaleTimeString(lang) : at.toLocaleString(lang)
  }
}
localTimes(document)

const source = new EventSource(events)
source.addEventListener('message', event => {
  const { channel, html } = JSON.parse(event.data)
  const list = document.getElementById(channel + '-list')
  for (const open of list.querySelectorAll('details[open]')) open.open = false
  list.insertAdjacentHTML('afterbegin', html)
  localTimes(list.firstElementChild)
  list.firstElementChild.classList.add('new')
  while (list.children.length > Number(list.dataset.shown)) list.lastElementChild.remove()
  document.querySelector('#' + channel + '-title .count').textContent = list.children.length
})
source.addEventListener('clear', () => location.reload())
source.addEventListener('open', () => { document.getElementById('offline').hidden = true })
source.addEventListener('error', () => { document.getElementById('offline').hidden = false })
addEventListener('pagehide', () => source.close())

document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy]')
  if (!button) return
  await copy(button.dataset.copy)
  const label = button.textContent
  if (label === button.dataset.done) return
  button.textContent = button.dataset.done
  setTimeout(() => { button.textContent = label }, 1500)
})

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    // No permission, or an old browser: the way of selecting a field still works.
    const field = document.createElement('textarea')
    field.value = text
    document.body.append(field)
    field.select()
    document.execCommand('copy')
    field.remove()
  }
}
`
