const CONTROL = 'input:not([type="hidden"]), textarea, select, button'

/**
 * Brings the first field that a form complains about into sight and focuses it, once it has been drawn.
 *
 * @param none is called where no field complains that can be seen
 */
export function showFirstMistake(form: HTMLElement, none?: () => void): void {
  requestAnimationFrame(() => {
    const mistake = form.querySelector<HTMLElement>('[aria-invalid="true"], .mantine-InputWrapper-error')
    if (!mistake) return none?.()
    // What is said of a group stands at none of its controls; the first one is where it can be mended.
    const control = mistake.matches(CONTROL)
      ? mistake
      : mistake.closest('.mantine-InputWrapper-root')?.querySelector<HTMLElement>(CONTROL)
    mistake.scrollIntoView({ block: 'center' })
    control?.focus({ preventScroll: true })
  })
}
