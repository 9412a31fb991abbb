// The beginning of both scripts of a check for people, which may follow each other on one page.

/**
 * Holds a form until its check is over, for whoever is faster than that. It is then sent as by the button that was pressed.
 */
window.holdForm = (form, isOver, whenHeld = () => {}) => {
  let held
  // Before the page's own listeners, which would take the form for sent.
  document.addEventListener(
    'submit',
    event => {
      if (event.target !== form || isOver()) return
      event.preventDefault()
      event.stopImmediatePropagation()
      held = { submitter: event.submitter ?? undefined }
      event.submitter?.setAttribute('aria-busy', 'true')
      whenHeld()
    },
    true,
  )
  return {
    isHeld: () => held !== undefined,
    send: () => form.requestSubmit(held?.submitter),
    letGo() {
      held?.submitter?.removeAttribute('aria-busy')
      held = undefined
    },
  }
}
