let pressed = false
addEventListener(
  'pointerdown',
  () => {
    pressed = true
  },
  true,
)
for (const end of ['pointerup', 'pointercancel'] as const)
  addEventListener(
    end,
    () => {
      pressed = false
    },
    true,
  )

/**
 * Does something once the press is over that is going on. What a form says when a field is left moves what stands below
 * it, and whoever left the field by pressing a button there would miss the button.
 */
export function afterPress(work: () => void): void {
  // The click comes with the end of the press; after it, it can be missed no more.
  const later = () => {
    setTimeout(work)
  }
  if (!pressed) {
    later()
    return
  }
  const ended = new AbortController()
  for (const end of ['pointerup', 'pointercancel'])
    addEventListener(
      end,
      () => {
        ended.abort()
        later()
      },
      { capture: true, signal: ended.signal },
    )
}
