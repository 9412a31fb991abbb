/** Brings the first field that a form complains about into sight and focuses it, once it has been drawn. */
export function showFirstMistake(form: HTMLFormElement): void {
  requestAnimationFrame(() => {
    const mistake = form.querySelector<HTMLElement>('[aria-invalid="true"], .mantine-InputWrapper-error')
    mistake?.scrollIntoView({ block: 'center' })
    mistake?.focus({ preventScroll: true })
  })
}
