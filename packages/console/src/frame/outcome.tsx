import { Text } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { sameJson } from '../connector/draft.ts'
import { useSpeech } from '../language.tsx'

/**
 * What came of a test or a check. Once the settings differ from those it was made with, it says so and loses its colour:
 * what it advises can still be read, and nobody takes it for the outcome of what stands in the form now.
 */
export function Outcome({ of, now, children }: { of: unknown; now: unknown; children: ReactNode }) {
  const { texts } = useSpeech()
  const old = !sameJson(of, now)
  return (
    <div>
      {/* Always there, so that readers of the screen hear it when it begins to say something. */}
      <Text size="sm" fw={500} role="status" className={old ? 'outdated-note' : undefined}>
        {old && (
          <>
            <IconHistory size={16} aria-hidden /> {texts.common.outdated}
          </>
        )}
      </Text>
      <div className={old ? 'outdated' : undefined}>{children}</div>
    </div>
  )
}
