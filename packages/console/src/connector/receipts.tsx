import { type ConsoleState, connectionReceiptRoutes, type ReceiptAddress } from '@countersign/api'
import { Alert, List, Stack, Text } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { ConfirmButton } from '../frame/confirm.tsx'
import { CopyableValue } from '../frame/copyable.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useChange, useFresh } from '../queries.ts'

/** Where no provider comes: this machine alone. */
const isLocal = (address: string) => /^(?:localhost|127\.|\[::1\])/.test(new URL(address).host)

/** When the provider reported last, and what to do while it has never done so. */
function News({ receipts, clouds }: { receipts: ReceiptAddress; clouds: ConsoleState['clouds'] }) {
  const { texts, exact } = useSpeech()
  const label = texts.receiptAddress
  const { address, lastAt, pulls, refused, refusedAt, refusedReason } = receipts
  const unreachable = address !== null && clouds === 'real' && isLocal(address)
  return (
    <>
      {lastAt === null ? (
        <Alert color="yellow" title={label.none}>
          <List size="sm" type="ordered">
            {label.steps.map(step => (
              <List.Item key={step}>{step}</List.Item>
            ))}
          </List>
        </Alert>
      ) : (
        <Text size="sm">{label.last(exact(lastAt))}</Text>
      )}
      {unreachable && <Alert color="red">{label.unreachable}</Alert>}
      {refusedAt !== null && (
        <Alert color="yellow" title={label.refused(refused, exact(refusedAt))}>
          {refusedReason}
        </Alert>
      )}
      <Text size="sm" c="dimmed">
        {pulls ? label.pulls : label.noPulls}
      </Text>
    </>
  )
}

/** How the provider of a connection tells whether messages were delivered; nothing where it does not. */
export function ReceiptsOfConnection({ id, clouds }: { id: string; clouds: ConsoleState['clouds'] }) {
  const { texts } = useSpeech()
  const label = texts.receiptAddress
  const query = useFresh(connectionReceiptRoutes.getReceiptAddress, { params: { id } })
  const renew = useChange(connectionReceiptRoutes.renewReceiptAddress, [
    connectionReceiptRoutes.getReceiptAddress,
  ])
  if (query.data && !query.data.pushes && !query.data.pulls) return null
  return (
    <Section title={label.title} text={label.text}>
      <Loaded query={query}>
        {receipts =>
          receipts.address === null ? (
            <Text size="sm">{label.onlyPulls}</Text>
          ) : (
            <Stack>
              <CopyableValue label={label.address} value={receipts.address} />
              <Text size="sm" c="dimmed">
                {label.addressText}
              </Text>
              <News receipts={receipts} clouds={clouds} />
              <ConfirmButton
                label={label.renew}
                icon={<IconRefresh size={16} />}
                title={label.renewTitle}
                text={label.renewText}
                confirm={label.renewConfirm}
                button={{ w: 'fit-content' }}
                onConfirm={() => renew.mutateAsync({ params: { id } })}
              />
            </Stack>
          )
        }
      </Loaded>
    </Section>
  )
}
