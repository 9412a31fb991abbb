import { Modal, type ModalProps } from '@mantine/core'
import { createContext, useContext } from 'react'
import { useSpeech } from '../language.tsx'

/** Whether the page waits for its operator to sign in again, under a window of its own. */
export const WaitingContext = createContext(false)

/** A window over the page; its cross is named in the operator's language. */
export function Dialog(props: ModalProps) {
  const { texts } = useSpeech()
  // Escape is heard by every window that is open, also by one that lies under another.
  const waiting = useContext(WaitingContext)
  return (
    <Modal
      centered
      closeOnEscape={!waiting}
      closeButtonProps={{ 'aria-label': texts.common.close }}
      {...props}
    />
  )
}
