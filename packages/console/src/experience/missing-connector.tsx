import { Anchor, Text } from '@mantine/core'
import { Link } from 'react-router'
import { useSpeech } from '../language.tsx'

/** Says before saving that a choice needs a connector that is not set up. */
export function MissingConnector({ channels }: { channels: readonly ('sms' | 'email')[] }) {
  const { texts } = useSpeech()
  return channels.map(channel => (
    <Text key={channel} size="sm" c="light-dark(#8a5a00, #f0c46c)">
      {channel === 'sms' ? texts.experience.needsSms : texts.experience.needsEmail}{' '}
      <Anchor component={Link} to="/connectors" size="sm">
        {texts.experience.goToConnectors}
      </Anchor>
    </Text>
  ))
}
