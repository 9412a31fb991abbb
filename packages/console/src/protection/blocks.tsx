import { blockRoutes, type IdentifierBlock, MOST_BLOCKS } from '@countersign/api'
import { Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { ConfirmButton } from '../frame/confirm.tsx'
import { Records } from '../frame/records.tsx'
import { Section } from '../frame/section.tsx'
import { useSpeech } from '../language.tsx'
import { useChange } from '../queries.ts'

function Row({ block }: { block: IdentifierBlock }) {
  const { texts, date } = useSpeech()
  const label = texts.protection.blocks
  const release = useChange(blockRoutes.releaseBlock, [blockRoutes.listBlocks])
  const { id, identifier, blockedBy, beganAt, until } = block
  return (
    <tr>
      <td data-label={label.identifier} className="any-letter">
        {identifier}
      </td>
      <td data-label={label.by}>{label.bys[blockedBy]}</td>
      <td data-label={label.since}>{date(beganAt)}</td>
      <td data-label={label.until}>{date(until)}</td>
      <td>
        <ConfirmButton
          label={label.release}
          title={label.releaseTitle(identifier)}
          text={label.releaseText}
          confirm={label.release}
          button={{ size: 'xs', 'aria-label': label.releaseNamed(identifier) }}
          onConfirm={async () => {
            await release.mutateAsync({ params: { id } })
            notifications.show({ color: 'green', message: label.released })
          }}
        />
      </td>
    </tr>
  )
}

/** Identifiers that are blocked for wrong passwords and codes, each with its release. */
export function Blocks({ blocks }: { blocks: readonly IdentifierBlock[] }) {
  const { texts } = useSpeech()
  const label = texts.protection.blocks
  if (blocks.length === 0)
    return (
      <Section title={label.title} text={label.text}>
        <Text size="sm">{label.none}</Text>
      </Section>
    )
  return (
    <Section title={label.title} text={label.text}>
      <Stack gap="xs">
        <Records columns={[label.identifier, label.by, label.since, label.until, label.actions]}>
          <tbody>
            {blocks.map(block => (
              <Row key={`${block.id} ${block.beganAt} ${block.blockedBy}`} block={block} />
            ))}
          </tbody>
        </Records>
        {blocks.length === MOST_BLOCKS && <Text size="sm">{label.cut(MOST_BLOCKS)}</Text>}
      </Stack>
    </Section>
  )
}
