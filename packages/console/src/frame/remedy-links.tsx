import type { Links } from '@countersign/api'
import { Anchor, Group } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { useSpeech } from '../language.tsx'

/** The pages that a remedy names, each in a tab of its own: what the operator has typed here stays. */
export function RemedyLinks({ links, size = 'sm' }: { links: Links | undefined; size?: 'xs' | 'sm' }) {
  const { pick } = useSpeech()
  if (!links || links.length === 0) return null
  return (
    <Group component="span" gap="2px 12px" display="inline-flex" className="breakable">
      {links.map(({ href, label }) => (
        <Anchor
          key={href}
          href={href}
          target="_blank"
          rel="noopener noreferrer"
          size={size}
          c="inherit"
          td="underline"
        >
          {pick(label)} <IconExternalLink size={13} aria-hidden style={{ verticalAlign: '-0.1em' }} />
        </Anchor>
      ))}
    </Group>
  )
}
