import type { Locale } from '@countersign/sign-in'

/** Texts in groups; a group may hold groups. */
export interface Phrases {
  [name: string]: string | Phrases
}

/** The groups in which sign-in pages of others look for texts, and what our own pages say there. */
export function builtInPhrases({ labels, notices, errors, passwordIssues }: Locale): Phrases {
  const { phoneNumber, emailAddress, username, password, repeatPassword, code, newPassword } = labels
  return {
    input: {
      phone_number: phoneNumber,
      email: emailAddress,
      username,
      password,
      new_password: newPassword,
      confirm_password: repeatPassword,
      code,
      phone_placeholder: labels.phonePlaceholder,
      email_placeholder: labels.emailPlaceholder,
    },
    secondary: { new_here: labels.newHere, have_account: labels.haveAccount },
    action: {
      sign_in: labels.signIn,
      create_account: labels.createAccount,
      continue: labels.continue,
      get_code: labels.getCode,
      verify: labels.verify,
      resend: labels.resend,
      back: labels.back,
      use_password: labels.usePassword,
      use_code: labels.useCode,
      forgot_password: labels.forgotPassword,
      save_password: labels.savePassword,
      sign_out: labels.signOut,
    },
    description: {
      register: labels.register,
      reset_password: labels.resetPassword,
      reset_password_hint: labels.resetPasswordHint,
      enter_code: labels.enterCode,
      enter_password: labels.enterPassword,
      set_password: labels.setPassword,
      terms: labels.terms,
      privacy: labels.privacy,
      add_phone: labels.addPhoneText,
      add_email: labels.addEmailText,
      add_username: labels.addUsernameText,
      password_changed: labels.passwordChangedText,
      signed_out: labels.signedOutText,
      unknown_session: labels.unknownSessionText,
    },
    error: {
      general: labels.general,
      notices: { ...notices },
      codes: { ...errors },
      password: { ...passwordIssues },
    },
    list: {},
    mfa: {},
    development_tenant: {},
    user_scopes: {},
    profile: {},
    account_center: {},
    passkey_sign_in: {},
  }
}
