import { Modal, type ModalProps } from '@mantine/core'
import { useSpeech } from '../language.tsx'

/** A window over the page; its cross is named in the operator's language. */
export function Dialog(props: ModalProps) {
  const { texts } = useSpeech()
  return <Modal centered closeButtonProps={{ 'aria-label': texts.common.close }} {...props} />
}
