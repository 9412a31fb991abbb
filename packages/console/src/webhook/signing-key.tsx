import { type Hook, hookRoutes } from '@countersign/api'
import { Code, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconRefresh } from '@tabler/icons-react'
import { ConfirmButton } from '../frame/confirm.tsx'
import { Copy } from '../frame/copyable.tsx'
import { HiddenValue } from '../frame/hidden-value.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'
import { VERIFY_SNIPPET } from './snippet.ts'

/** The key by which a receiver knows our requests, and how it does. */
export function SigningKey({ hook }: { hook: Hook }) {
  const { texts } = useSpeech()
  const label = texts.webhook
  const rotate = useChange(hookRoutes.updateHookSigningKey, [hookRoutes.getHook])
  return (
    <>
      <Section
        title={label.key}
        text={label.keyText}
        actions={
          <ConfirmButton
            label={label.newKey}
            icon={<IconRefresh size={14} />}
            title={label.newKeyTitle}
            text={label.newKeyText}
            confirm={label.newKey}
            button={{ size: 'xs' }}
            onConfirm={async () => {
              await rotate.mutateAsync({ params: { id: hook.id } })
              notifications.show({ color: 'green', message: label.newKeyDone })
            }}
          />
        }
      >
        <HiddenValue value={hook.signingKey} label={label.key} reveal={label.showKey} />
      </Section>
      <Section title={label.verify} actions={<Copy value={VERIFY_SNIPPET} label={label.verify} />}>
        <Code block fz="xs" className="snippet">
          {VERIFY_SNIPPET}
        </Code>
        <Text size="sm" c="dimmed" className="breakable">
          logto-signature-sha-256 = hex(HMAC-SHA-256(body))
        </Text>
      </Section>
    </>
  )
}
