import type { SignInExperience } from '@countersign/api'
import { customStylesheet, type Frame } from '@countersign/sign-in'

/** The operator's choices for the look of every page that end users see. */
export type Look = Pick<
  Frame,
  | 'primaryColor'
  | 'darkColor'
  | 'logoUrl'
  | 'darkLogoUrl'
  | 'favicon'
  | 'darkFavicon'
  | 'stylesheet'
  | 'termsOfUseUrl'
  | 'privacyPolicyUrl'
  | 'supportEmail'
  | 'supportWebsiteUrl'
>

/**
 * The look of the pages, from the sign-in experience.
 *
 * @example const { primaryColor } = pageLook(await experience.read())
 */
export function pageLook({ color, customCss, ...settings }: SignInExperience): Look {
  const chosen = {
    ...settings.branding,
    stylesheet: customStylesheet(customCss)?.path,
    termsOfUseUrl: settings.termsOfUseUrl,
    privacyPolicyUrl: settings.privacyPolicyUrl,
    supportEmail: settings.supportEmail,
    supportWebsiteUrl: settings.supportWebsiteUrl,
  }
  return {
    primaryColor: color.primaryColor,
    ...(color.isDarkModeEnabled && { darkColor: color.darkPrimaryColor }),
    ...Object.fromEntries(Object.entries(chosen).filter(([, value]) => value)),
  }
}

/**
 * The look of a page that says that the server failed. Browsers wait for a stylesheet before they show anything, and the
 * operator's is in the database, which may be what failed.
 *
 * @example const look = failureLook(lastKnown)
 */
export function failureLook(settings: SignInExperience): Look {
  const { stylesheet: _, ...look } = pageLook(settings)
  return look
}
