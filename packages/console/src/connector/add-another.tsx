import type { CatalogEntry, ConnectionSummary } from '@countersign/api'
import { Button, Image, Menu } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link } from 'react-router'
import { useSpeech } from '../language.tsx'

/** Leads to a form for one more connection of a channel, of a connector that is chosen here. */
export function AddAnother(props: {
  channel: ConnectionSummary['channel']
  catalog: readonly CatalogEntry[]
}) {
  const { texts, pick } = useSpeech()
  const label = texts.connectors
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" size="sm" leftSection={<IconPlus size={16} />}>
          {props.channel === 'sms' ? label.addSms : label.addEmail}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {props.catalog
          .filter(({ channel }) => channel === props.channel)
          .map(entry => (
            <Menu.Item
              key={entry.id}
              component={Link}
              to={`/connectors/${entry.id}?beside=1`}
              leftSection={<Image src={entry.logo} w={20} h={20} fit="contain" alt="" />}
            >
              {pick(entry.name)}
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  )
}
