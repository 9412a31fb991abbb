import { blockRoutes, messageRoutes, sendLimitRoutes } from '@countersign/api'
import { Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { useSpeech } from '../language.tsx'
import { Blocks } from '../protection/blocks.tsx'
import { Budgets } from '../protection/budgets.tsx'
import { CaptchaOfAll } from '../protection/captcha.tsx'
import { CountriesSection } from '../protection/countries.tsx'
import { FraudGuard } from '../protection/fraud.tsx'
import { LimitsEditor } from '../protection/limits.tsx'
import { RefusalCounts, UnknownAddresses } from '../protection/refusals.tsx'
import { useFresh, useRoute } from '../queries.ts'

/** /protection: how many messages may be sent, and what was refused of late. */
export function ProtectionPage() {
  const { texts } = useSpeech()
  const refusals = useRoute(messageRoutes.countRefusals)
  const blocks = useRoute(blockRoutes.listBlocks)
  const limits = useFresh(sendLimitRoutes.getSendLimits)
  return (
    <Page title={texts.protection.title} intro={texts.protection.intro}>
      <Loaded query={refusals}>
        {counted => (
          <>
            <UnknownAddresses visitors={counted.visitors} />
            <RefusalCounts refusals={counted} />
          </>
        )}
      </Loaded>
      <Loaded query={limits}>{loaded => <LimitsEditor loaded={loaded} />}</Loaded>
      <CountriesSection />
      <Budgets />
      <FraudGuard />
      <CaptchaOfAll />
      <Loaded query={blocks}>{all => <Blocks blocks={all} />}</Loaded>
    </Page>
  )
}
